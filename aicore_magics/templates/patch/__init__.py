"""The secret that a template names, set without touching another byte."""
