@py -3 "%~dp0tools\dev.py" %*
