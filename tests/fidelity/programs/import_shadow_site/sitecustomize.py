print("sitecustomize", __name__)
