"""The one gate to any row: metric, scope, grain and who asks in, evidence in small frames out."""
