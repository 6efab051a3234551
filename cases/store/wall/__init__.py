"""The wall between a store and somebody who may see a part of it: what lies behind it is not there for any query."""
