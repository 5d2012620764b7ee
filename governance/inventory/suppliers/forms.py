"""One form for one component and its supplier."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from governance.inventory.forms import RefusableForm
from governance.inventory.suppliers.models import Component, Provider
from governance.inventory.suppliers.services import OF_COMPONENT, OF_PROVIDER
from governance.inventory.suppliers.words import ComponentKind, ProviderKind, Substitute


def _words(name: str, model: Any = Component) -> dict[str, Any]:
    column = model._meta.get_field(name)
    return {"label": capfirst(column.verbose_name), "help_text": column.help_text}


def _listed(choices: Any, *, empty: bool = False) -> list[tuple[str, Any]]:
    shown = [(key, capfirst(str(words))) for key, words in choices]
    return [("", _("Not answered")), *shown] if empty else shown


class ComponentForm(RefusableForm):
    """Its fields are those of the component, then those of its supplier."""

    name = forms.CharField(max_length=200, **_words("name"))
    version = forms.CharField(max_length=80, required=False, **_words("version"))
    licence = forms.CharField(max_length=200, required=False, **_words("licence"))
    region = forms.CharField(max_length=120, required=False, **_words("region"))
    is_foundation_model = forms.BooleanField(required=False, **_words("is_foundation_model"))
    exit_plan = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}), **_words("exit_plan")
    )
    supplier = forms.CharField(
        label=_("Supplier"), max_length=200, required=False, help_text=_("Leave empty where there is none.")
    )
    country = forms.CharField(max_length=2, required=False, **_words("country", Provider))
    registration_number = forms.CharField(
        max_length=40, required=False, **_words("registration_number", Provider)
    )
    contact = forms.CharField(max_length=200, required=False, **_words("contact", Provider))

    field_order = (
        "kind",
        "name",
        "version",
        "is_foundation_model",
        "licence",
        "region",
        "substitute",
        "exit_plan",
    )
    ABOUT_SUPPLIER = ("supplier", "supplier_kind", "country", "registration_number", "contact")

    def __init__(self, *args: Any, component: Component | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": _initial(component)})
        self.fields["kind"] = forms.ChoiceField(choices=_listed(ComponentKind.choices), **_words("kind"))
        self.fields["substitute"] = forms.ChoiceField(
            choices=_listed(Substitute.choices, empty=True), required=False, **_words("substitute")
        )
        self.fields["supplier_kind"] = forms.ChoiceField(
            choices=_listed(ProviderKind.choices), required=False, **_words("kind", Provider)
        )
        self.order_fields([*self.field_order, *self.ABOUT_SUPPLIER])
        if component is not None and component.said_as:
            self._follow(component)

    def _follow(self, component: Component) -> None:
        """What an answer of the registration says is changed there."""
        names = ["kind", "supplier"] if component.said_as == "vendor" else ["kind", "name"]
        for name in names:
            self.fields[name].disabled = True
            self.fields[name].help_text = _("An answer of the registration says this.")

    def what(self) -> list[forms.BoundField]:
        return [self[name] for name in self.field_order]

    def whose(self) -> list[forms.BoundField]:
        return [self[name] for name in self.ABOUT_SUPPLIER]

    def component(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in OF_COMPONENT}

    def details(self) -> dict[str, Any]:
        names = {name: "supplier_kind" if name == "kind" else name for name in OF_PROVIDER}
        return {name: self.cleaned_data[field] for name, field in names.items()}


def _initial(component: Component | None) -> dict[str, Any]:
    if component is None:
        return {}
    said = {name: getattr(component, name) for name in OF_COMPONENT}
    provider = component.provider
    if provider is not None:
        said |= {name: getattr(provider, name) for name in OF_PROVIDER if name != "kind"}
        said |= {"supplier": provider.name, "supplier_kind": provider.kind}
    return said
