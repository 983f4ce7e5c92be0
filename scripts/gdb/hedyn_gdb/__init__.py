"""The parts of scripts/gdb/hedyn.py.

image   what the ELF file says: functions by address and number, sections
heap    the JavaScript heap: a value, and what it leads to
text    a value as text, as console.log would show it
values  printers for variables of the control plane
records printers for records and numbers of machine modules
frames  backtraces without the functions that nobody wrote
stops   `debugger;`, and `step` into what is called by a value
"""
