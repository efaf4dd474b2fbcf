// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPalette>
#include <QString>
#include <QTextLayout>

#include <KSyntaxHighlighting/AbstractHighlighter>
#include <KSyntaxHighlighting/State>

namespace KSyntaxHighlighting {
class Repository;
}

namespace tiphys::ui {

/// Colours single lines of YAML; state runs from line to line until reset.
class YamlColors final : public KSyntaxHighlighting::AbstractHighlighter
{
public:
    YamlColors();

    /// Light or dark theme by \p palette. The theme stands before the definition is used.
    void usePalette(const QPalette &palette);
    /// Starts a new document.
    void reset();
    /// Formats of the next line.
    QList<QTextLayout::FormatRange> formatsOf(const QString &line);

protected:
    void applyFormat(int offset, int length, const KSyntaxHighlighting::Format &format) override;

private:
    KSyntaxHighlighting::State m_state;
    QList<QTextLayout::FormatRange> m_formats;
};

/// The definitions and themes, read once.
KSyntaxHighlighting::Repository &syntaxRepository();

} // namespace tiphys::ui
