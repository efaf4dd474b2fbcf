// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/yaml_colors.h"

#include <KSyntaxHighlighting/SyntaxHighlighter>

namespace tiphys::ui {

/// Colours a document of YAML, in colours that can be read on its ground.
class YamlHighlighter final : public KSyntaxHighlighting::SyntaxHighlighter
{
public:
    explicit YamlHighlighter(QTextDocument *document);

    enum class Language { Yaml, None };
    /// Colours the document anew, light or dark by \p palette.
    void recolour(const QPalette &palette, Language language = Language::Yaml);

protected:
    void applyFormat(int offset, int length, const KSyntaxHighlighting::Format &format) override;

private:
    LegibleColors m_colors;
};

} // namespace tiphys::ui
