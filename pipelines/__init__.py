"""What is run: the main job, its steps, and the command line."""

import os

# MLflow unpickles by default, and a pickle runs what its maker wrote. Nothing of ours is one, so the door is shut
# before MLflow is imported; who loads pickles of their own beside us says so in the environment.
os.environ.setdefault("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
