// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/settings_page.h"

#include "models/text.h"
#include "ui/pages/destination_choices.h"
#include "ui/pages/tool_choices.h"
#include "ui/settings.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/filter_field.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>

#include <algorithm>

namespace tiphys::ui {

SettingsPage::SettingsPage(UiContext context, QWidget *parent)
    : Page(std::move(context), parent), m_filter(new QLineEdit(this)), m_form(new QWidget(this)),
      m_scheme(new QComboBox(this)), m_notices(new QCheckBox(tr("Show notifications of the desktop"), this)),
      m_files(new TextLabel(TextLabel::Rank::Secondary, {}, this)),
      m_usualFiles(new QPushButton(tr("Use the usual files again"), this))
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4 * u, 0, 0);
    column->setSpacing(2 * u);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(6 * u, 0, 6 * u, 0);
    head->addWidget(new TextLabel(TextLabel::Rank::Title, title(), this));
    head->addStretch();
    setUpFilterField(m_filter, tr("Filter settings"));
    m_filter->setMinimumWidth(50 * u);
    head->addWidget(m_filter);
    column->addLayout(head);
    column->addWidget(new Line(Qt::Horizontal, this));
    auto *scrolled = new QScrollArea(this);
    scrolled->setFrameShape(QFrame::NoFrame);
    scrolled->setWidgetResizable(true);
    scrolled->setFocusPolicy(Qt::NoFocus);
    auto *form = new QVBoxLayout(m_form);
    form->setContentsMargins(6 * u, 4 * u, 6 * u, 6 * u);
    form->setSpacing(6 * u);
    buildSections();
    form->addStretch(1);
    scrolled->setWidget(m_form);
    column->addWidget(scrolled, 1);
    connect(m_filter, &QLineEdit::textChanged, this, &SettingsPage::filter);
    connect(&m_context.service, &service::Service::clustersChanged, this, &SettingsPage::showFiles);
    renew();
}

QBoxLayout *SettingsPage::addSection(const QString &title, const QString &text)
{
    const int u = unit(this);
    auto *section = new QWidget(m_form);
    auto *column = new QVBoxLayout(section);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2 * u);
    column->addWidget(new TextLabel(TextLabel::Rank::Section, title, section));
    column->addWidget(new TextLabel(TextLabel::Rank::Secondary, text, section));
    m_form->layout()->addWidget(section);
    m_sections << Section{section, title, title + QLatin1Char('\n') + text};
    return column;
}

void SettingsPage::buildSections()
{
    QBoxLayout *colours = addSection(tr("Colours"), tr("Light or dark, or as the system has it."));
    m_scheme->setAccessibleName(tr("Colours"));
    m_scheme->addItem(tr("As the system"), static_cast<int>(Scheme::System));
    m_scheme->addItem(tr("Light"), static_cast<int>(Scheme::Light));
    m_scheme->addItem(tr("Dark"), static_cast<int>(Scheme::Dark));
    colours->addWidget(m_scheme, 0, Qt::AlignLeft);
    connect(m_scheme, &QComboBox::activated, this,
            [this] { Q_EMIT schemeChosen(static_cast<Scheme>(m_scheme->currentData().toInt())); });

    QBoxLayout *notices = addSection(tr("Notifications"),
                                     tr("When an application degrades, a sync fails or a Rollout waits for somebody."));
    notices->addWidget(m_notices, 0, Qt::AlignLeft);
    connect(m_notices, &QCheckBox::clicked, this, &SettingsPage::noticesChosen);

    QBoxLayout *files = addSection(tr("Kubeconfig"), tr("The files that contexts are read from."));
    files->addWidget(m_files);
    auto *acts = new QHBoxLayout;
    auto *choose = new QPushButton(tr("Choose clusters…"), m_form);
    acts->addWidget(choose);
    acts->addWidget(m_usualFiles);
    acts->addStretch(1);
    files->addLayout(acts);
    connect(choose, &QPushButton::clicked, this, [this] { Q_EMIT openRequested({PageKind::Start, {}, {}}); });
    connect(m_usualFiles, &QPushButton::clicked, this, &SettingsPage::useUsualFiles);

    QBoxLayout *contexts =
        addSection(tr("Contexts"),
                   tr("Level, namespaces to look into and the engine of this desktop are chosen for each context."));
    auto *clusters = new QPushButton(tr("Show clusters"), m_form);
    contexts->addWidget(clusters, 0, Qt::AlignLeft);
    connect(clusters, &QPushButton::clicked, this, [this] { Q_EMIT openRequested({PageKind::Clusters, {}, {}}); });
    buildMachineSections(clusters);

    m_consents = addSection(tr("Allowed programs"),
                            tr("Credential plugins of kubeconfigs that may run, and servers for which Git's credential "
                               "helpers may be asked. What is taken "
                               "back is asked about again the next time; for Git after the next start."));
}

void SettingsPage::buildMachineSections(QWidget *previous)
{
    auto *choices = dynamic_cast<service::MachineChoices *>(&m_context.service);
    if (!choices)
        return;
    QBoxLayout *destinations =
        addSection(tr("Destinations"), tr("Other clusters that applications are applied to, and the context that each "
                                          "is reached by: the one that is chosen for its address, "
                                          "else a ticked one that has this address. Choosing one ticks it. In its own "
                                          "cluster an application is reached by its own context."));
    m_destinations = new DestinationChoices(m_context, *choices, m_form);
    m_destinations->setPrevious(previous);
    destinations->addWidget(m_destinations);
    connect(m_destinations, &DestinationChoices::failed, this, &SettingsPage::failed);
    connect(m_destinations, &DestinationChoices::answered, this, &SettingsPage::settled);

    QBoxLayout *tools = addSection(tr("helm and kustomize"),
                                   tr("This program renders charts and kustomizations itself. The programs of this "
                                      "machine can do that instead, for what is compared and synced from "
                                      "here; a controller of Argo CD renders as it always does. Config management "
                                      "plugins of yours run once they were allowed."));
    m_tools = new ToolChoices(m_context, *choices, m_form);
    tools->addWidget(m_tools);
    connect(m_tools, &ToolChoices::failed, this, &SettingsPage::failed);
    connect(m_tools, &ToolChoices::answered, this, &SettingsPage::settled);
}

bool SettingsPage::isSettled() const
{
    return (!m_destinations || m_destinations->hasAnswer()) && (!m_tools || m_tools->hasAnswer());
}

QString SettingsPage::title() const
{
    return tr("Settings");
}

void SettingsPage::show(const Location &location)
{
    Page::show(location);
    renew();
    if (m_destinations)
        m_destinations->ask();
    if (m_tools)
        m_tools->ask();
}

QList<QWidget *> SettingsPage::panes()
{
    return {m_scheme, m_filter};
}

void SettingsPage::startFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

bool SettingsPage::stepBack()
{
    if (m_filter->text().isEmpty())
        return false;
    m_filter->clear();
    return true;
}

void SettingsPage::renew()
{
    m_scheme->setCurrentIndex(m_scheme->findData(static_cast<int>(m_context.settings.scheme())));
    m_notices->setChecked(m_context.settings.showsNotifications());
    showFiles();
    showConsents();
}

void SettingsPage::showFiles()
{
    QStringList files;
    for (const std::string &file : m_context.service.clusters()->kubeconfigFiles)
        files << models::text(file);
    m_files->setText(files.isEmpty() ? tr("None.") : files.join(QLatin1Char('\n')));
    m_usualFiles->setVisible(!m_context.settings.kubeconfigFiles().isEmpty());
}

void SettingsPage::showConsents()
{
    const int u = unit(this);
    const bool hadFocus = m_consentList && m_consentList->isAncestorOf(focusWidget());
    if (m_consentList) {
        m_consentList->hide();
        m_consentList->deleteLater(); // one of its buttons may be what called
    }
    m_consentButtons.clear();
    m_consentList = new QWidget(m_form);
    auto *column = new QVBoxLayout(m_consentList);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(u);
    const QList<Consents::Consent> consents = Consents().all();
    for (const Consents::Consent &consent : consents) {
        const QString subject =
            consent.kind == Consents::Kind::GitHelpers ? tr("Git's credential helpers for %1").arg(consent.subject)
            : consent.subject.isEmpty() ? tr("A credential plugin that was allowed before its name was noted")
                                        : tr("Credential plugin %1", "program and context").arg(consent.subject);
        auto *row = new QHBoxLayout;
        row->setSpacing(3 * u);
        auto *button = new QPushButton(tr("Take back"), m_consentList);
        button->setAccessibleName(tr("Take back: %1").arg(subject));
        row->addWidget(button);
        row->addWidget(new TextLabel(TextLabel::Rank::Body, subject, m_consentList), 1);
        column->addLayout(row);
        m_consentButtons << button;
        connect(button, &QPushButton::clicked, this, [this, consent] {
            Consents().withdraw(consent.kind, consent.key);
            showConsents();
        });
    }
    if (consents.isEmpty())
        column->addWidget(new TextLabel(TextLabel::Rank::Body, tr("None."), m_consentList));
    m_consents->addWidget(m_consentList);
    if (hadFocus)
        (m_consentButtons.isEmpty() ? static_cast<QWidget *>(m_filter) : m_consentButtons.front())->setFocus();
}

void SettingsPage::filter()
{
    const QStringList words = m_filter->text().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (const Section &section : m_sections)
        section.widget->setVisible(std::ranges::all_of(
            words, [&section](const QString &word) { return section.words.contains(word, Qt::CaseInsensitive); }));
}

QStringList SettingsPage::shownSections() const
{
    QStringList titles;
    for (const Section &section : m_sections) {
        if (!section.widget->isHidden())
            titles << section.title;
    }
    return titles;
}

void SettingsPage::useUsualFiles()
{
    service::whenDone(m_context.service.useKubeconfig({}), this, [this](const Expected<service::Done> &result) {
        if (result)
            m_context.settings.setKubeconfigFiles({});
        else
            Q_EMIT failed(models::sentence(result.error().text()));
        showFiles();
    });
}

} // namespace tiphys::ui
