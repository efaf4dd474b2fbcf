// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/yaml_colors.h"

#include "ui/theme/colors.h"
#include "ui/theme/contrast.h"

#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Format>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/State>
#include <KSyntaxHighlighting/Theme>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

KSyntaxHighlighting::Repository &syntaxRepository()
{
    static KSyntaxHighlighting::Repository repository;
    return repository;
}

KSyntaxHighlighting::Theme syntaxThemeOf(const QPalette &palette)
{
    return syntaxRepository().defaultTheme(isDark(palette) ? KSyntaxHighlighting::Repository::DarkTheme
                                                           : KSyntaxHighlighting::Repository::LightTheme);
}

void LegibleColors::usePalette(const QPalette &palette)
{
    m_ink = palette.color(QPalette::Text);
    m_grounds = {palette.color(QPalette::Base), liveLineColor(palette), liveWordColor(palette),
                 desiredLineColor(palette), desiredWordColor(palette)};
    m_shown.clear();
}

QColor LegibleColors::shown(const QColor &color)
{
    const auto [place, isNew] = m_shown.try_emplace(color.rgb(), color);
    if (isNew)
        place->second = legible(color, m_ink, m_grounds);
    return place->second;
}

YamlColors::YamlColors() = default;

void YamlColors::usePalette(const QPalette &palette)
{
    setTheme(syntaxThemeOf(palette));
    m_colors.usePalette(palette);
    if (!definition().isValid())
        setDefinition(syntaxRepository().definitionForName(u"YAML"_s));
    reset();
}

void YamlColors::reset()
{
    m_state = {};
}

QList<QTextLayout::FormatRange> YamlColors::formatsOf(const QString &line)
{
    m_formats.clear();
    m_state = highlightLine(line, m_state);
    return m_formats;
}

void YamlColors::applyFormat(int offset, int length, const KSyntaxHighlighting::Format &format)
{
    if (length <= 0 || !format.hasTextColor(theme()))
        return;
    QTextLayout::FormatRange range;
    range.start = offset;
    range.length = length;
    range.format.setForeground(m_colors.shown(format.textColor(theme())));
    m_formats << range;
}

} // namespace tiphys::ui
