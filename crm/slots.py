"""What customer care adds elsewhere: a noted birthday goes along when two records become one."""

from crm.models import NotedBirthday
from merchants.along import goes_along

goes_along(NotedBirthday, of="customer", unless_there=("merchant_id",))
