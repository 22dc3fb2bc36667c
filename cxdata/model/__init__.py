"""The words of the product: tables, periods, scopes, metrics, evidence and errors. No I/O."""
