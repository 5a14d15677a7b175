import sys

with open(sys.argv[3] + 'score.txt', 'w') as file:
    file.write('many')
sys.exit(42)
