// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

#include <QWidget>

class QComboBox;
class QPushButton;
class QToolButton;

namespace tiphys::ui {

/// What is to be compared: repository, two revisions, and how they relate.
class CompareInputs final : public QWidget
{
    Q_OBJECT

public:
    enum class Mode { TwoRevisions, Branch, WorkingTree };

    explicit CompareInputs(UiContext context, QWidget *parent = nullptr);

    /// Takes repo, a, b and mode (branch | tree) of an address.
    void setOptions(const QMap<QString, QString> &options);
    /// The same, of what stands there now.
    QMap<QString, QString> options() const;
    service::CompareRequest request() const;
    /// What is still missing, a sentence; "" if nothing is.
    QString problem() const;
    QString repository() const;
    void chooseFolder();

    QPushButton *compareButton() const { return m_compare; }
    /// Where the keyboard begins.
    QWidget *first() const;

Q_SIGNALS:
    void compareRequested();
    /// problem() may be another.
    void changed();
    void noticed(const QString &text);

private:
    QLayout *buildRepositoryLine();
    QLayout *buildRevisionLine();
    Mode mode() const;
    void setMode(Mode mode);
    void loadRevisions();

    UiContext m_context;
    QComboBox *m_repository;
    QComboBox *m_a;
    QComboBox *m_b;
    QComboBox *m_mode;
    QToolButton *m_swap;
    QPushButton *m_compare;
    QString m_loaded; ///< repository whose revisions the boxes offer
};

} // namespace tiphys::ui
