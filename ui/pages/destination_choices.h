// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/machine_choices.h"
#include "ui/pages/page.h"

#include <QTimer>

class QBoxLayout;
class QMenu;
class QPushButton;

namespace tiphys::ui {

/// By which context each destination of applications is reached; one can be chosen for it, and taken back.
class DestinationChoices final : public QWidget
{
    Q_OBJECT

public:
    /// What can be pressed for one destination; null where there is nothing to press.
    struct Row
    {
        QString title;
        QString text;
        QPushButton *choose = nullptr; ///< opens a menu of contexts
        QPushButton *takeBack = nullptr;
    };

    DestinationChoices(UiContext context, service::MachineChoices &choices, QWidget *parent = nullptr);

    /// The widget after which Tab comes to these.
    void setPrevious(QWidget *previous) { m_previous = previous; }
    /// Asks the engine and shows its answer.
    void ask();
    bool hasAnswer() const { return m_hasAnswer; }
    const QList<Row> &rows() const { return m_rows; }

Q_SIGNALS:
    /// The answer is shown.
    void answered();
    void failed(const QString &text);

protected:
    void showEvent(QShowEvent *event) override;

private:
    /// Asks soon where the page is seen.
    void askLater();
    void show(const std::vector<service::DestinationContext> &destinations);
    void rebuild();
    QWidget *makeRow(const service::DestinationContext &destination, Row &row);
    void fillMenu(QMenu &menu, const service::DestinationContext &destination);
    void choose(const std::string &server, const std::string &context);

    UiContext m_context;
    service::MachineChoices &m_choices;
    QBoxLayout *m_column;
    QWidget *m_previous = nullptr;
    QWidget *m_list = nullptr;
    QList<Row> m_rows;
    std::vector<service::DestinationContext> m_destinations;
    QTimer m_later;
    bool m_hasAnswer = false;
};

} // namespace tiphys::ui
