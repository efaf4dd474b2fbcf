// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/yaml_highlighter.h"

#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Format>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/Theme>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

YamlHighlighter::YamlHighlighter(QTextDocument *document) : SyntaxHighlighter(document) {}

void YamlHighlighter::recolour(const QPalette &palette, Language language)
{
    m_colors.usePalette(palette);
    // The theme stands before the definition: setting the definition colours the document at once.
    setTheme(syntaxThemeOf(palette));
    setDefinition(language == Language::Yaml ? syntaxRepository().definitionForName(u"YAML"_s)
                                             : KSyntaxHighlighting::Definition());
}

void YamlHighlighter::applyFormat(int offset, int length, const KSyntaxHighlighting::Format &format)
{
    SyntaxHighlighter::applyFormat(offset, length, format);
    if (length <= 0 || !format.hasTextColor(theme()))
        return;
    QTextCharFormat shown = QSyntaxHighlighter::format(offset);
    shown.setForeground(m_colors.shown(format.textColor(theme())));
    setFormat(offset, length, shown);
}

} // namespace tiphys::ui
