"""Files of exactly what a page shows; written as every other file of figures is."""

from cxdata.exports.table_file import Origin as Origin
from cxdata.exports.table_file import csv_bytes as csv_bytes
