from package import deep
