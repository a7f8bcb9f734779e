"""Values: names, image references, docker secrets, and how the kubelet matches them."""
