// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/plain_text.h"

#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextCursor>

#include <algorithm>

namespace tiphys::ui {

namespace {

/// Makes \p before, which begins at \p start of the document, to \p after.
void replacePart(QTextCursor &cursor, int start, const QString &before, const QString &after)
{
    const qsizetype shorter = std::min(before.size(), after.size());
    qsizetype same = 0;
    while (same < shorter && before[same] == after[same])
        ++same;
    qsizetype sameEnd = 0;
    while (sameEnd < shorter - same && before[before.size() - 1 - sameEnd] == after[after.size() - 1 - sameEnd])
        ++sameEnd;
    if (same == before.size() && same == after.size())
        return;
    cursor.setPosition(start + static_cast<int>(same));
    cursor.setPosition(start + static_cast<int>(before.size() - sameEnd), QTextCursor::KeepAnchor);
    cursor.insertText(after.mid(same, after.size() - same - sameEnd));
}

} // namespace

QPlainTextEdit *readOnlyText(const QString &name, QWidget *parent)
{
    auto *text = new QPlainTextEdit(parent);
    text->setReadOnly(true);
    text->setFrameShape(QFrame::NoFrame);
    text->setAccessibleName(name);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return text;
}

void replaceText(QPlainTextEdit &edit, QString text)
{
    // As a document holds it.
    text.replace(QStringLiteral("\r\n"), QStringLiteral("\n"));
    text.replace(u'\r', u'\n');
    text.replace(QChar::ParagraphSeparator, u'\n');
    const QString shown = edit.toPlainText();
    if (shown == text)
        return;
    if (shown.isEmpty() || text.isEmpty()) {
        edit.setPlainText(text);
        return;
    }
    edit.setUndoRedoEnabled(false);
    const int across = edit.horizontalScrollBar()->value();
    const int down = edit.verticalScrollBar()->value();
    QTextCursor cursor(edit.document());
    cursor.beginEditBlock();
    const QStringList lines = text.split(u'\n');
    if (lines.size() == edit.blockCount()) {
        // As a rule an age in a line is another one.
        for (QTextBlock block = edit.document()->begin(); block.isValid(); block = block.next())
            replacePart(cursor, block.position(), block.text(), lines[block.blockNumber()]);
    } else {
        replacePart(cursor, 0, shown, text);
    }
    cursor.endEditBlock();
    edit.horizontalScrollBar()->setValue(across);
    edit.verticalScrollBar()->setValue(down);
}

} // namespace tiphys::ui
