// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/machine_choices.h"
#include "ui/pages/page.h"

class QBoxLayout;
class QCheckBox;
class QLineEdit;
class QPushButton;

namespace tiphys::ui {

class Banner;
class TextLabel;

/// helm and kustomize of this machine, and which applications they render instead of this program.
class ToolChoices final : public QWidget
{
    Q_OBJECT

public:
    ToolChoices(UiContext context, service::MachineChoices &choices, QWidget *parent = nullptr);

    /// Asks the engine, which asks the programs, and shows the answer.
    void ask();
    bool hasAnswer() const { return m_hasAnswer; }

    QString programsText() const;
    /// A line for each config management plugin.
    QString pluginsText() const;
    QString warning() const;
    QCheckBox *allBox() const { return m_all; }
    QLineEdit *nameField() const { return m_name; }
    QPushButton *addButton() const { return m_add; }
    /// A button for each name that was chosen.
    QList<QPushButton *> takeBackButtons() const { return m_takeBack; }
    /// A button for each plugin that may run.
    QList<QPushButton *> withdrawButtons() const { return m_withdraw; }

Q_SIGNALS:
    /// The answer is shown.
    void answered();
    void failed(const QString &text);

private:
    void build();
    void show(const service::ToolChoices &choices);
    void showNames(const QStringList &names);
    void showPlugins(const std::vector<service::ToolProgram> &plugins);
    /// An empty list in \p place instead of \p list, which may be null.
    QWidget *renewed(QWidget *list, QBoxLayout *place);
    /// A line of \p list; with a button that takes \p subject back, unless that is empty.
    QPushButton *addRow(QWidget *list, const QString &text, const QString &subject);
    /// Offers the names of the applications at hand.
    void offerNames();
    void add();
    void clearName();
    void choose(const std::string &name, bool areUsed);
    void withdraw(const std::string &plugin);

    UiContext m_context;
    service::MachineChoices &m_choices;
    TextLabel *m_programs;
    Banner *m_problem;
    QCheckBox *m_all;
    TextLabel *m_forced;
    QBoxLayout *m_column;
    QBoxLayout *m_names = nullptr;
    QWidget *m_list = nullptr;
    QLineEdit *m_name;
    QPushButton *m_add;
    TextLabel *m_file;
    TextLabel *m_pluginsHead;
    QBoxLayout *m_plugins = nullptr;
    QWidget *m_pluginList = nullptr;
    QStringList m_pluginTexts;
    QList<QPushButton *> m_takeBack;
    QList<QPushButton *> m_withdraw;
    int m_asked = 0; ///< questions, of which only the newest answer counts
    bool m_hasAnswer = false;
};

} // namespace tiphys::ui
