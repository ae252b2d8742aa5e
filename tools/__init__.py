"""What stands behind ./dev: preparing a machine, private services, running and checking the portal.

Until the virtual environment exists only Python's own library may be imported here.
"""
