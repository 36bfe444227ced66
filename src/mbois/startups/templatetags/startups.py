"""Points in templates."""

from django import template

from mbois.startups.show import points

register = template.Library()
register.filter("poin", points)
