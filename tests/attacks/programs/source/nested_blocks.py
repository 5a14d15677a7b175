# technique: more than 20 blocks inside each other
# source: CPython: CO_MAXBLOCKS
# verdict: CE
# invariant: the compiler is a process of the box, with its limits; a worker parses no Python
# without: seccomp
for a in (1,):
 for a in (1,):
  for a in (1,):
   for a in (1,):
    for a in (1,):
     for a in (1,):
      for a in (1,):
       for a in (1,):
        for a in (1,):
         for a in (1,):
          for a in (1,):
           for a in (1,):
            for a in (1,):
             for a in (1,):
              for a in (1,):
               for a in (1,):
                for a in (1,):
                 for a in (1,):
                  for a in (1,):
                   for a in (1,):
                    for a in (1,):
                     for a in (1,):
                      for a in (1,):
                       for a in (1,):
                        for a in (1,):
                         for a in (1,):
                          for a in (1,):
                           for a in (1,):
                            for a in (1,):
                             for a in (1,):
                              for a in (1,):
                               for a in (1,):
                                for a in (1,):
                                 for a in (1,):
                                  for a in (1,):
                                   for a in (1,):
                                    for a in (1,):
                                     for a in (1,):
                                      for a in (1,):
                                       for a in (1,):
                                        for a in (1,):
                                         for a in (1,):
                                          for a in (1,):
                                           for a in (1,):
                                            for a in (1,):
                                             for a in (1,):
                                              for a in (1,):
                                               for a in (1,):
                                                for a in (1,):
                                                 for a in (1,):
                                                  for a in (1,):
                                                   for a in (1,):
                                                    for a in (1,):
                                                     for a in (1,):
                                                      for a in (1,):
                                                       for a in (1,):
                                                        for a in (1,):
                                                         for a in (1,):
                                                          for a in (1,):
                                                           for a in (1,):
                                                            pass
print('held')
