"""The chat's colours, type and corners: calm, local fonts only, light and dark."""

from __future__ import annotations

from gradio.themes import Base, Color, sizes

# Deep green for what acts, warm grey for what is read.
_GREEN = Color(
    "#eef8f6", "#d6eeea", "#aedcd5", "#7cc4ba", "#48a79b",
    "#1f8a7e", "#0f6b63", "#0c564f", "#0a443f", "#083733", "#04201e",
    name="waymark-green",
)  # fmt: skip
_STONE = Color(
    "#faf9f7", "#f3f1ed", "#e6e2db", "#d3cdc3", "#a59d90",
    "#787065", "#5a544b", "#443f39", "#2a2724", "#1c1a18", "#121110",
    name="waymark-stone",
)  # fmt: skip


def theme() -> Base:
    """Made of variables that Gradio knows; what it has no variable for stands in static/chat.css."""
    made = Base(
        primary_hue=_GREEN,
        secondary_hue=_GREEN,
        neutral_hue=_STONE,
        text_size=sizes.text_md,
        radius_size=sizes.radius_lg,
        font=(
            "Inter",
            "Segoe UI",
            "system-ui",
            "-apple-system",
            "Roboto",
            "Helvetica Neue",
            "DejaVu Sans",
            "sans-serif",
        ),
        font_mono=("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "DejaVu Sans Mono", "monospace"),
    )
    return made.set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        body_text_color="*neutral_800",
        body_text_color_dark="*neutral_200",
        body_text_color_subdued="*neutral_500",
        body_text_color_subdued_dark="*neutral_400",
        background_fill_primary="white",
        background_fill_primary_dark="*neutral_900",
        background_fill_secondary="*neutral_100",
        background_fill_secondary_dark="*neutral_800",
        border_color_primary="*neutral_200",
        border_color_primary_dark="*neutral_700",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_border_width_dark="0px",
        input_background_fill="white",
        input_background_fill_dark="*neutral_900",
        input_border_color="*neutral_300",
        input_border_color_dark="*neutral_700",
        input_border_color_focus="*primary_500",
        input_border_color_focus_dark="*primary_400",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_text_color="white",
        button_secondary_background_fill="white",
        button_secondary_background_fill_dark="*neutral_900",
        button_secondary_background_fill_hover="*primary_50",
        button_secondary_background_fill_hover_dark="*neutral_800",
        button_secondary_border_color="*neutral_200",
        button_secondary_border_color_dark="*neutral_700",
        button_border_width="1px",
        link_text_color="*primary_600",
        link_text_color_dark="*primary_300",
    )
