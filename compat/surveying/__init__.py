"""How is read what every wheel of torch declares, without installing or downloading one?"""
