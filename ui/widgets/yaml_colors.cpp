// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/yaml_colors.h"

#include "ui/theme/colors.h"

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

YamlColors::YamlColors() = default;

void YamlColors::usePalette(const QPalette &palette)
{
    KSyntaxHighlighting::Repository &repository = syntaxRepository();
    setTheme(repository.defaultTheme(isDark(palette) ? KSyntaxHighlighting::Repository::DarkTheme
                                                     : KSyntaxHighlighting::Repository::LightTheme));
    if (!definition().isValid())
        setDefinition(repository.definitionForName(u"YAML"_s));
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
    range.format.setForeground(format.textColor(theme()));
    m_formats << range;
}

} // namespace tiphys::ui
