"""The model beside published ones and simple rules, on the same rows and folds."""
