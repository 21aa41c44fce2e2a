terraform import garden_tree.example oak/1
