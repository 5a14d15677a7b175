# Something is raised that is no exception.
# ends: exit 1
raise "text"
