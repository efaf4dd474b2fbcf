// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/tool_choices.h"

#include "models/machine_text.h"
#include "models/text.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QCompleter>
#include <QLineEdit>
#include <QPushButton>
#include <QStringListModel>

#include <utility>

namespace tiphys::ui {

ToolChoices::ToolChoices(UiContext context, service::MachineChoices &choices, QWidget *parent)
    : QWidget(parent), m_context(std::move(context)), m_choices(choices),
      m_programs(new TextLabel(TextLabel::Rank::Body, tr("Looking for helm and kustomize…"), this)),
      m_problem(new Banner(this)), m_all(new QCheckBox(tr("Use them for all applications"), this)),
      m_forced(new TextLabel(TextLabel::Rank::Secondary, {}, this)), m_column(new QVBoxLayout(this)),
      m_name(new QLineEdit(this)), m_add(new QPushButton(tr("Use them for it"), this)),
      m_file(new TextLabel(TextLabel::Rank::Secondary, {}, this)),
      m_pluginsHead(new TextLabel(TextLabel::Rank::Body, tr("Config management plugins:"), this))
{
    build();
    connect(m_all, &QCheckBox::clicked, this,
            [this](bool isOn) { choose(std::string(models::kAllApplications), isOn); });
    connect(m_name, &QLineEdit::returnPressed, this, &ToolChoices::add);
    connect(m_add, &QPushButton::clicked, this, &ToolChoices::add);
    connect(m_name, &QLineEdit::textChanged, this,
            [this](const QString &text) { m_add->setEnabled(m_name->isEnabled() && !text.trimmed().isEmpty()); });
}

void ToolChoices::build()
{
    const int u = unit(this);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(2 * u);
    m_problem->clear();
    m_forced->hide();
    m_file->hide();
    m_all->setEnabled(false);
    m_name->setEnabled(false);
    m_add->setEnabled(false);
    m_column->addWidget(m_programs);
    m_column->addWidget(m_problem);
    m_column->addWidget(m_all, 0, Qt::AlignLeft);
    m_column->addWidget(m_forced);
    m_name->setPlaceholderText(tr("Application, or a pattern such as legacy-*"));
    m_name->setAccessibleName(tr("Application that helm and kustomize of this machine are used for"));
    m_name->setMinimumWidth(50 * u);
    m_name->setMaximumWidth(120 * u);
    auto *completer = new QCompleter(new QStringListModel(this), m_name);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setFilterMode(Qt::MatchContains);
    m_name->setCompleter(completer);
    auto *adding = new QHBoxLayout;
    adding->setSpacing(2 * u);
    adding->addWidget(m_name, 1);
    adding->addWidget(m_add);
    adding->addStretch();
    m_column->addLayout(adding);
    m_names = new QVBoxLayout;
    m_column->addLayout(m_names);
    m_column->addWidget(m_file);
    m_pluginsHead->hide();
    m_column->addWidget(m_pluginsHead);
    m_plugins = new QVBoxLayout;
    m_column->addLayout(m_plugins);
}

QString ToolChoices::programsText() const
{
    return m_programs->text();
}

QString ToolChoices::pluginsText() const
{
    return m_pluginTexts.join(QLatin1Char('\n'));
}

QString ToolChoices::warning() const
{
    return m_problem->isHidden() ? QString() : m_problem->text();
}

void ToolChoices::ask()
{
    const int number = ++m_asked;
    offerNames();
    service::whenDone(m_choices.toolChoices(), this, [this, number](const Expected<service::ToolChoices> &choices) {
        if (number != m_asked)
            return;
        if (choices)
            show(*choices);
        else
            m_programs->setText(models::sentence(choices.error().text()));
        m_hasAnswer = true;
        Q_EMIT answered();
    });
}

void ToolChoices::show(const service::ToolChoices &choices)
{
    QStringList programs;
    for (const service::ToolProgram &program : choices.programs)
        programs << models::programText(program);
    m_programs->setText(programs.join(QLatin1Char('\n')));
    const QString problem = choices.problem.empty() ? models::toolWarning(choices) : models::sentence(choices.problem);
    if (problem.isEmpty())
        m_problem->clear();
    else
        m_problem->show({Mark::Warning, StatusColor::OutOfSync}, problem);
    const bool mayChange = choices.problem.empty() && !choices.file.empty();
    m_all->setChecked(models::areForAll(choices));
    m_all->setEnabled(mayChange && !choices.areForced);
    m_forced->setText(choices.areForced
                          ? tr("TIPHYS_RENDER_TOOLS chooses them for all applications while this program runs.")
                          : QString());
    m_forced->setVisible(choices.areForced);
    m_name->setEnabled(mayChange);
    m_add->setEnabled(mayChange && !m_name->text().trimmed().isEmpty());
    m_file->setText(tr("Kept in %1").arg(models::text(choices.file)));
    m_file->setVisible(!choices.file.empty());
    showNames(models::chosenNames(choices));
    showPlugins(choices.plugins);
}

QWidget *ToolChoices::renewed(QWidget *list, QBoxLayout *place)
{
    if (list) {
        list->hide();
        list->deleteLater(); // one of its buttons may be what called
    }
    auto *fresh = new QWidget(this);
    auto *column = new QVBoxLayout(fresh);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(unit(this));
    place->addWidget(fresh);
    return fresh;
}

QPushButton *ToolChoices::addRow(QWidget *list, const QString &text, const QString &subject)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(3 * unit(this));
    QPushButton *button = nullptr;
    if (!subject.isEmpty()) {
        button = new QPushButton(tr("Take back"), list);
        button->setAccessibleName(tr("Take back: %1").arg(subject));
        row->addWidget(button);
    }
    row->addWidget(new TextLabel(TextLabel::Rank::Body, text, list), 1);
    static_cast<QBoxLayout *>(list->layout())->addLayout(row);
    return button;
}

void ToolChoices::showPlugins(const std::vector<service::ToolProgram> &plugins)
{
    const bool hadFocus = m_pluginList && m_pluginList->isAncestorOf(focusWidget());
    m_pluginList = renewed(m_pluginList, m_plugins);
    m_withdraw.clear();
    m_pluginTexts.clear();
    QWidget *before = m_takeBack.isEmpty() ? m_add : m_takeBack.back();
    for (const service::ToolProgram &plugin : plugins) {
        m_pluginTexts << models::pluginText(plugin);
        const bool mayRun = plugin.problem.empty();
        QPushButton *button =
            addRow(m_pluginList, m_pluginTexts.back(), mayRun ? models::text(plugin.name) : QString());
        if (!button)
            continue;
        m_withdraw << button;
        setTabOrder(before, button);
        before = button;
        connect(button, &QPushButton::clicked, this, [this, name = plugin.name] { withdraw(name); });
    }
    m_pluginsHead->setVisible(!plugins.empty());
    m_pluginList->setVisible(!plugins.empty());
    if (hadFocus)
        (m_withdraw.isEmpty() ? static_cast<QWidget *>(m_name) : m_withdraw.front())->setFocus();
}

void ToolChoices::withdraw(const std::string &plugin)
{
    service::whenDone(m_choices.withdrawPlugin(plugin), this, [this](const Expected<service::Done> &done) {
        if (!done)
            Q_EMIT failed(models::sentence(done.error().text()));
        ask();
    });
}

void ToolChoices::showNames(const QStringList &names)
{
    const bool hadFocus = m_list && m_list->isAncestorOf(focusWidget());
    m_list = renewed(m_list, m_names);
    m_takeBack.clear();
    for (const QString &name : names) {
        QPushButton *button = addRow(m_list, name, name);
        m_takeBack << button;
        connect(button, &QPushButton::clicked, this, [this, name] { choose(models::utf8(name), false); });
    }
    m_list->setVisible(!names.isEmpty());
    QWidget *before = m_add;
    for (QPushButton *button : std::as_const(m_takeBack)) {
        setTabOrder(before, button);
        before = button;
    }
    if (hadFocus)
        (m_takeBack.isEmpty() ? static_cast<QWidget *>(m_name) : m_takeBack.front())->setFocus();
}

void ToolChoices::offerNames()
{
    QStringList names;
    for (const service::AppRowPtr &row : m_context.service.applications()->rows)
        names << models::text(row->id.name);
    names.sort(Qt::CaseInsensitive);
    names.removeDuplicates();
    static_cast<QStringListModel *>(m_name->completer()->model())->setStringList(names);
}

void ToolChoices::add()
{
    const QString name = m_name->text().trimmed();
    if (!name.isEmpty())
        choose(models::utf8(name), true);
}

void ToolChoices::clearName()
{
    if (m_add->hasFocus())
        m_name->setFocus(); // the button cannot be pressed then
    m_name->clear();
}

void ToolChoices::choose(const std::string &name, bool areUsed)
{
    service::whenDone(m_choices.chooseTools(name, areUsed), this,
                      [this, name, areUsed](const Expected<service::Done> &done) {
                          if (!done)
                              Q_EMIT failed(models::sentence(done.error().text()));
                          else if (areUsed && models::utf8(m_name->text().trimmed()) == name)
                              clearName();
                          ask();
                      });
}

} // namespace tiphys::ui
