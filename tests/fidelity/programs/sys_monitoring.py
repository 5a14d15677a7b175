# No tool watches the program.
import sys
monitoring = getattr(sys, "monitoring", None)
if monitoring:
    print([monitoring.get_tool(number) for number in range(6)])
print(sys.gettrace(), sys.getprofile(), sys.is_stack_trampoline_active())
