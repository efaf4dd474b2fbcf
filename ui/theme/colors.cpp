// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/colors.h"

#include "ui/theme/fusion.h"

#include <QApplication>
#include <QStyle>
#include <QStyleHints>

#include <array>

namespace tiphys::ui {

namespace {

struct Pair
{
    QRgb light;
    QRgb dark;
};

constexpr std::array kStatus{Pair{0xff1f883d, 0xff3fb950}, Pair{0xff0969da, 0xff58a6ff}, Pair{0xffcf222e, 0xfff85149},
                             Pair{0xff6e5f99, 0xffa99fd6}, Pair{0xff9a6700, 0xffd29922}, Pair{0xffbc4c00, 0xffdb6d28},
                             Pair{0xff59636e, 0xff8b949e}};

QPalette fusionPalette(bool dark)
{
    QPalette p;
    const auto set = [&p](QPalette::ColorRole role, QRgb color) { p.setColor(role, QColor(color)); };
    if (dark) {
        set(QPalette::Window, 0xff24282f);
        set(QPalette::WindowText, 0xffe3e6ea);
        set(QPalette::Base, 0xff1a1d22);
        set(QPalette::AlternateBase, 0xff1f2329);
        set(QPalette::Text, 0xffe3e6ea);
        set(QPalette::Button, 0xff363c45);
        set(QPalette::ButtonText, 0xffe3e6ea);
        set(QPalette::ToolTipBase, 0xff2a2f36);
        set(QPalette::ToolTipText, 0xffe3e6ea);
        set(QPalette::PlaceholderText, 0xff8b949e);
        set(QPalette::Highlight, 0xff2f6fbf);
        set(QPalette::Accent, 0xff2f6fbf);
        set(QPalette::Link, 0xff58a6ff);
        set(QPalette::Light, 0xff3a4048);
        set(QPalette::Midlight, 0xff30353c);
        set(QPalette::Mid, 0xff3a4048);
        set(QPalette::Dark, 0xff101215);
        set(QPalette::Shadow, 0xff000000);
    } else {
        set(QPalette::Window, 0xfff6f7f9);
        set(QPalette::WindowText, 0xff1f2328);
        set(QPalette::Base, 0xffffffff);
        set(QPalette::AlternateBase, 0xfff6f7f9);
        set(QPalette::Text, 0xff1f2328);
        set(QPalette::Button, 0xfff6f7f9);
        set(QPalette::ButtonText, 0xff1f2328);
        set(QPalette::ToolTipBase, 0xffffffff);
        set(QPalette::ToolTipText, 0xff1f2328);
        set(QPalette::PlaceholderText, 0xff6a737d);
        set(QPalette::Highlight, 0xff2f6fbf);
        set(QPalette::Accent, 0xff2f6fbf);
        set(QPalette::Link, 0xff0969da);
        set(QPalette::Light, 0xffffffff);
        set(QPalette::Midlight, 0xffeceff2);
        set(QPalette::Mid, 0xffc9ced4);
        set(QPalette::Dark, 0xffa8aeb5);
        set(QPalette::Shadow, 0xff6a737d);
    }
    set(QPalette::HighlightedText, 0xffffffff);
    set(QPalette::BrightText, 0xffffffff);
    const QColor off = dark ? QColor(0xff6b737c) : QColor(0xff9aa1a9);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, off);
    return p;
}

bool isDarkWanted(Scheme scheme)
{
    switch (scheme) {
    case Scheme::Light: return false;
    case Scheme::Dark: return true;
    case Scheme::System: return QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark;
    }
    return false;
}

} // namespace

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightnessF() < 0.5F;
}

QColor statusColor(StatusColor color, const QPalette &palette)
{
    const Pair &pair = kStatus[static_cast<std::size_t>(color)];
    return QColor(isDark(palette) ? pair.dark : pair.light);
}

QColor blended(const QColor &color, const QColor &ground, double alpha)
{
    const auto mix = [alpha](int a, int b) { return static_cast<int>(a * alpha + b * (1 - alpha) + 0.5); };
    return {mix(color.red(), ground.red()), mix(color.green(), ground.green()), mix(color.blue(), ground.blue())};
}

QColor secondaryColor(const QPalette &palette)
{
    return blended(palette.color(QPalette::WindowText), palette.color(QPalette::Base), 0.66);
}

QColor lineColor(const QPalette &palette)
{
    return blended(palette.color(QPalette::WindowText), palette.color(QPalette::Window), 0.13);
}

QColor quietColor(const QPalette &palette)
{
    return blended(palette.color(QPalette::WindowText), palette.color(QPalette::Base), 0.035);
}

QColor hoverColor(const QPalette &palette)
{
    return blended(palette.color(QPalette::WindowText), palette.color(QPalette::Base), 0.05);
}

QColor selectionColor(const QPalette &palette)
{
    return blended(palette.color(QPalette::Highlight), palette.color(QPalette::Base), isDark(palette) ? 0.38 : 0.16);
}

QColor liveLineColor(const QPalette &palette)
{
    return blended(statusColor(StatusColor::Degraded, palette), palette.color(QPalette::Base), 0.12);
}

QColor liveWordColor(const QPalette &palette)
{
    return blended(statusColor(StatusColor::Degraded, palette), palette.color(QPalette::Base), 0.34);
}

QColor desiredLineColor(const QPalette &palette)
{
    return blended(statusColor(StatusColor::Healthy, palette), palette.color(QPalette::Base), 0.13);
}

QColor desiredWordColor(const QPalette &palette)
{
    return blended(statusColor(StatusColor::Healthy, palette), palette.color(QPalette::Base), 0.36);
}

void applyScheme(QApplication &application, Scheme scheme)
{
    const bool isFirst = !application.property("tiphysScheme").isValid();
    application.setProperty("tiphysScheme", static_cast<int>(scheme));
    // Platforms with a dark mode of their own bring their palette; Fusion alone has none worth keeping.
    const bool isDrawnByQt = isFusion(*application.style());
    if (scheme != Scheme::System)
        QGuiApplication::styleHints()->setColorScheme(scheme == Scheme::Dark ? Qt::ColorScheme::Dark
                                                                             : Qt::ColorScheme::Light);
    else
        QGuiApplication::styleHints()->unsetColorScheme();
    if (isDrawnByQt)
        QApplication::setPalette(fusionPalette(isDarkWanted(scheme)));
    if (!isFirst || !isDrawnByQt)
        return;
    QObject::connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, &application, [&application] {
        const auto chosen = static_cast<Scheme>(application.property("tiphysScheme").toInt());
        QApplication::setPalette(fusionPalette(isDarkWanted(chosen)));
    });
}

} // namespace tiphys::ui
