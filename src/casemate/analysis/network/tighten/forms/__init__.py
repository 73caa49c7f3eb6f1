"""Drafts of policies as objects of a dialect: plain trees as the API has them.

Each form has `objects(draft, means)`, which yields objects together with what each of their rules is for, so
that a reader of the file finds why it is there.
"""
