// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>
#include <QString>
#include <QTextLayout>

#include <KSyntaxHighlighting/AbstractHighlighter>
#include <KSyntaxHighlighting/State>

#include <map>
#include <vector>

namespace KSyntaxHighlighting {
class Repository;
class Theme;
} // namespace KSyntaxHighlighting

namespace tiphys::ui {

/// The colours of a theme, made such that they can be read on each ground that code stands on.
class LegibleColors
{
public:
    void usePalette(const QPalette &palette);
    QColor shown(const QColor &color);

private:
    QColor m_ink;
    std::vector<QColor> m_grounds;
    std::map<QRgb, QColor> m_shown; ///< by the theme's colour
};

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
    LegibleColors m_colors;
};

/// The definitions and themes, read once.
KSyntaxHighlighting::Repository &syntaxRepository();
/// Light or dark, by \p palette.
KSyntaxHighlighting::Theme syntaxThemeOf(const QPalette &palette);

} // namespace tiphys::ui
