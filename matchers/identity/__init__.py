"""Identity numbers and Han names: what is sound, what may have been meant, which keys two of them are compared by."""
