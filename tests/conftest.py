"""What every test may use. The fixed cast and the makers stand in ``tests/cast.py``."""
