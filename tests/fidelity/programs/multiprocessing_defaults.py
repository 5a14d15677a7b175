# What multiprocessing thinks of the program at the start.
import multiprocessing as mp, sys, os
print(mp.get_start_method(allow_none=True), mp.get_all_start_methods(), mp.current_process().name, mp.parent_process(), mp.active_children(), mp.cpu_count() >= 1)
print(mp.current_process().pid == os.getpid(), mp.current_process().daemon, mp.process._process_counter)
print(mp.get_start_method())
