"""Which edition of the frozen baseline this is: another way to cut, or to count, is another one. Light: the web reads it."""

BASELINE, SCAN, VERSION = "senim.baseline", "senim.scan", 3
