"""Writing pages of commitments; they are read on `public`."""
