"""What orders has to say where lower apps ask: whose purchases follow a customer that is merged."""

from merchants.along import goes_along
from orders.models import Purchase

goes_along(Purchase, of="customer")
