// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/marks.h"

#include <QFrame>
#include <QLabel>

class QAbstractButton;
class QPushButton;

namespace tiphys::ui {

/// A label of one of the text ranks; follows font and palette.
class TextLabel final : public QLabel
{
    Q_OBJECT

public:
    enum class Rank { Title, Section, Body, Secondary, Strong };

    explicit TextLabel(Rank rank, const QString &text = {}, QWidget *parent = nullptr);

protected:
    void changeEvent(QEvent *event) override;

private:
    void restyle();

    Rank m_rank;
    bool m_isRestyling = false;
};

/// One line that is elided where there is no room; the whole text is then the tooltip.
class ElidedLabel final : public QWidget
{
    Q_OBJECT

public:
    explicit ElidedLabel(Qt::TextElideMode mode = Qt::ElideRight, QWidget *parent = nullptr);

    void setText(const QString &text);
    QString text() const { return m_text; }
    void setSecondary(bool isSecondary);
    /// Tooltip instead of the whole text.
    void setExplanation(const QString &explanation);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    QString m_text;
    QString m_explanation;
    Qt::TextElideMode m_mode;
    bool m_isSecondary = false;
};

/// A status mark with its word.
class StatusLabel final : public QWidget
{
    Q_OBJECT

public:
    explicit StatusLabel(QWidget *parent = nullptr);

    /// \p explanation is the tooltip.
    void setStatus(MarkStyle style, const QString &word, const QString &explanation);
    QString word() const { return m_word; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    MarkStyle m_style;
    QString m_word;
};

/// A rounded frame with a one-pixel border on the base colour.
class Card final : public QFrame
{
    Q_OBJECT

public:
    explicit Card(QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;
};

/// A one-pixel line.
class Line final : public QWidget
{
    Q_OBJECT

public:
    explicit Line(Qt::Orientation orientation, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;
};

/// What happened, on what, and what to do, across the page; hidden while there is nothing to say.
class Banner final : public QWidget
{
    Q_OBJECT

public:
    explicit Banner(QWidget *parent = nullptr);

    void show(MarkStyle style, const QString &text, const QString &actionText = {});
    void clear();
    QString text() const;

Q_SIGNALS:
    void actionTriggered();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    MarkStyle m_style;
    StatusLabel *m_mark;
    QLabel *m_text;
    QPushButton *m_action;
};

/// The middle of a page without content: what would be here, and the next act.
class EmptyPane final : public QWidget
{
    Q_OBJECT

public:
    explicit EmptyPane(QWidget *parent = nullptr);

    void set(const QString &title, const QString &text, const QString &actionText = {});
    QString title() const;
    QString text() const;

Q_SIGNALS:
    void actionTriggered();

private:
    TextLabel *m_title;
    TextLabel *m_text;
    QPushButton *m_action;
};

/// Colours \p button as the page's main act.
void makePrimary(QAbstractButton *button);

} // namespace tiphys::ui
