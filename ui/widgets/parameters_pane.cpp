// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/parameters_pane.h"

#include "models/parameter_text.h"
#include "models/text.h"
#include "ui/dialogs/parameters_dialog.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/cluster_watch.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/parameter_form.h"
#include "ui/widgets/renderer_choice.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

/// The part of a manifest between `spec:` and the next key of the first level.
std::string specOf(const std::string &manifest)
{
    const std::size_t start = manifest.find("\nspec:");
    if (start == std::string::npos)
        return {};
    std::size_t end = start + 1;
    while (end < manifest.size()) {
        end = manifest.find('\n', end);
        if (end == std::string::npos || end + 1 >= manifest.size())
            return manifest.substr(start);
        const char next = manifest[end + 1];
        if (next != ' ' && next != '\n' && next != '-')
            break;
        ++end;
    }
    return manifest.substr(start, end - start);
}

} // namespace

service::SourceParameters *sourceParametersOf(service::Service &service)
{
    return dynamic_cast<service::SourceParameters *>(&service);
}

ParametersPane::ParametersPane(service::Service &service, Settings &settings, QWidget *parent)
    : QWidget(parent), m_service(service), m_settings(settings), m_watch(new ClusterWatch(service, this)),
      m_banner(new Banner(this)), m_stack(new QStackedWidget(this)), m_empty(new EmptyPane(this)),
      m_sources(new QComboBox(this)), m_renderer(new RendererChoice(service, this)), m_form(new ParameterForm(this)),
      m_note(new TextLabel(TextLabel::Rank::Secondary, {}, this)),
      m_summary(new TextLabel(TextLabel::Rank::Secondary, {}, this)),
      m_discard(new QPushButton(tr("Discard changes"), this)), m_save(new QPushButton(tr("Review and save…"), this))
{
    build();
    connect(m_empty, &EmptyPane::actionTriggered, this, &ParametersPane::ask);
    connect(m_watch, &ClusterWatch::changed, this, [this] {
        // Nobody looks: the sources are read when somebody does.
        if (!isVisible())
            m_isAsked = false;
        else if (m_isAsked)
            ask();
    });
    connect(m_sources, &QComboBox::activated, this, &ParametersPane::showSource);
    connect(m_renderer, &RendererChoice::noticed, this, &ParametersPane::noticed);
    connect(m_renderer, &RendererChoice::failed, this, &ParametersPane::failed);
    connect(m_form, &ParameterForm::edited, this, &ParametersPane::showState);
    connect(m_save, &QPushButton::clicked, this, &ParametersPane::openPreview);
    connect(m_discard, &QPushButton::clicked, this, [this] {
        if (models::SourceDraft *shown = draft())
            shown->discard();
        m_wasChangedElsewhere = false;
        showSource(m_sources->currentIndex());
    });
}

void ParametersPane::build()
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *content = new QWidget(this);
    auto *rows = new QVBoxLayout(content);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    auto *scroll = new QScrollArea(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *page = new QWidget(scroll);
    auto *inner = new QVBoxLayout(page);
    inner->setContentsMargins(6 * u, 4 * u, 6 * u, 4 * u);
    inner->setSpacing(3 * u);
    m_sources->setAccessibleName(tr("Source"));
    m_sources->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    inner->addWidget(m_sources, 0, Qt::AlignLeft);
    m_note->setWordWrap(true);
    inner->addWidget(m_note);
    inner->addWidget(m_renderer);
    inner->addWidget(m_form);
    inner->addStretch(1);
    scroll->setWidget(page);
    rows->addWidget(scroll, 1);
    rows->addWidget(new Line(Qt::Horizontal, content));
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(6 * u, 2 * u, 6 * u, 2 * u);
    bar->setSpacing(2 * u);
    bar->addWidget(m_summary, 1);
    bar->addWidget(m_discard);
    makePrimary(m_save);
    bar->addWidget(m_save);
    rows->addLayout(bar);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(content);
    auto *strip = new QVBoxLayout;
    strip->setContentsMargins(6 * u, 2 * u, 6 * u, 0);
    strip->addWidget(m_banner);
    column->addLayout(strip);
    column->addWidget(m_stack, 1);
}

ParametersDialog *ParametersPane::dialog() const
{
    return m_dialog;
}

models::SourceDraft *ParametersPane::draft()
{
    Work &work = m_works[m_app];
    const auto found = work.drafts.find(work.position);
    return found == work.drafts.end() ? nullptr : &found->second;
}

void ParametersPane::setApplication(const service::AppId &app)
{
    if (app == m_app)
        return;
    // It is about the application that was shown; what was entered is kept.
    if (m_dialog)
        m_dialog->reject();
    m_dialog = nullptr;
    m_app = app;
    m_watch->watch(app.context);
    m_spec.clear();
    m_forms = {};
    m_isAsked = false;
    m_isSettled = false;
    m_wasChangedElsewhere = false;
    if (isVisible())
        ask();
}

void ParametersPane::setManifest(const std::string &manifest)
{
    std::string spec = specOf(manifest);
    if (spec == m_spec)
        return;
    const bool isFirst = m_spec.empty();
    m_spec = std::move(spec);
    if (m_isAsked && !isFirst)
        ask();
}

void ParametersPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (!m_isAsked)
        ask();
    else
        m_renderer->ask(); // the settings may have changed
}

void ParametersPane::ask()
{
    service::SourceParameters *parameters = sourceParametersOf(m_service);
    if (!parameters || m_app.name.empty()) {
        m_empty->set(tr("No parameters"), tr("There is no engine here that could read them."));
        m_stack->setCurrentWidget(m_empty);
        m_isSettled = true;
        Q_EMIT settled();
        return;
    }
    if (!m_isSettled) {
        m_empty->set(tr("Reading the sources…"),
                     tr("Parameters of Helm, Kustomize, directories and plugins appear here."));
        m_stack->setCurrentWidget(m_empty);
        m_banner->clear();
    }
    m_isAsked = true;
    service::whenDone(
        parameters->sourceForms(m_app), this, [this, asked = ++m_asked](const Expected<service::SourceForms> &forms) {
            if (asked != m_asked)
                return;
            m_isSettled = true;
            m_watch->answered(forms ? forms->permission.isAllowed : !m_forms.sources.empty());
            if (forms) {
                take(*forms);
            } else if (m_forms.sources.empty()) {
                m_empty->set(tr("The sources cannot be read"), models::sentence(forms.error().text()), tr("Try again"));
                m_stack->setCurrentWidget(m_empty);
            } else {
                m_banner->show(
                    {Mark::Warning, StatusColor::OutOfSync},
                    tr("The sources could not be read again: %1").arg(models::sentence(forms.error().text())));
            }
            Q_EMIT settled();
        });
}

void ParametersPane::take(const service::SourceForms &forms)
{
    Work &work = m_works[m_app];
    for (const service::SourceForm &form : forms.sources) {
        models::SourceDraft &draft = work.drafts[form.position];
        if (draft.changeCount() > 0 && draft.form().seen != form.seen)
            m_wasChangedElsewhere = true;
        draft.setForm(form);
    }
    m_forms = forms;
    QStringList titles;
    for (const service::SourceForm &form : forms.sources)
        titles << models::sourceFormTitle(form);
    m_sources->clear();
    m_sources->addItems(titles);
    m_sources->setVisible(forms.sources.size() > 1);
    const auto shown = std::ranges::find(forms.sources, work.position, &service::SourceForm::position);
    m_stack->setCurrentIndex(1);
    showSource(shown == forms.sources.end() ? 0 : static_cast<int>(shown - forms.sources.begin()));
    models::SourceDraft *open = draft();
    if (m_dialog && m_dialog->isVisible() && open && open->form().seen != m_dialog->request().seen)
        m_dialog->setRequest({m_app, open->form().position, open->form().seen, open->changes()});
}

void ParametersPane::showSource(int index)
{
    if (index < 0 || static_cast<std::size_t>(index) >= m_forms.sources.size())
        return;
    Work &work = m_works[m_app];
    work.position = m_forms.sources[static_cast<std::size_t>(index)].position;
    m_sources->setCurrentIndex(index);
    m_defaultsNote.clear();
    if (models::SourceDraft *shown = draft()) {
        m_form->show(shown, m_forms.permission.isAllowed);
        m_form->setVisible(shown->form().problem.empty());
        m_renderer->show(m_app.name, shown->form().tool);
    }
    showState();
    askDefaults();
}

void ParametersPane::showState()
{
    models::SourceDraft *shown = draft();
    if (!shown)
        return;
    const int count = shown->changeCount();
    QStringList notes;
    if (m_forms.sources.size() == 1)
        notes << models::sourceFormTitle(shown->form());
    if (!shown->form().problem.empty())
        notes << models::sentence(shown->form().problem);
    else if (shown->form().tool.empty())
        notes << tr("It is not known yet what renders this source: its parameters appear once it was compared.");
    if (!m_defaultsNote.isEmpty())
        notes << m_defaultsNote;
    m_note->setText(notes.join(u'\n'));
    QStringList warnings;
    for (const std::string &warning : m_forms.warnings)
        warnings << models::sentence(warning);
    if (!m_forms.permission.isAllowed)
        m_banner->show({Mark::Information, StatusColor::Unknown},
                       tr("The parameters are shown only. %1").arg(models::sentence(m_forms.permission.reason)));
    else if (m_wasChangedElsewhere && count > 0)
        m_banner->show({Mark::Warning, StatusColor::OutOfSync},
                       tr("Somebody else changed the sources meanwhile. What you entered is kept, over the sources as "
                          "they are now."));
    else if (!warnings.isEmpty())
        m_banner->show({Mark::Information, StatusColor::Unknown}, warnings.join(u'\n'));
    else
        m_banner->clear();
    m_summary->setText(count > 0 ? tr("%n parameter(s) changed, not saved yet.", nullptr, count)
                                 : tr("What is stored in the application."));
    m_discard->setEnabled(count > 0);
    m_save->setEnabled(count > 0 && m_forms.permission.isAllowed);
    m_save->setToolTip(!m_forms.permission.isAllowed ? models::sentence(m_forms.permission.reason)
                       : count == 0                  ? tr("Nothing is changed yet.")
                                                     : QString());
    m_save->setAccessibleDescription(m_save->toolTip());
}

void ParametersPane::askDefaults()
{
    service::SourceParameters *parameters = sourceParametersOf(m_service);
    models::SourceDraft *shown = draft();
    const int asked = ++m_askedDefaults;
    m_form->setDefaults({});
    if (!parameters || !shown || shown->form().tool != "Helm")
        return;
    service::whenDone(parameters->chartDefaults(m_app, shown->form().position), this,
                      [this, asked](const Expected<service::ChartDefaults> &defaults) {
                          if (asked != m_askedDefaults)
                              return;
                          QHash<QString, QString> values;
                          if (defaults) {
                              for (const auto &[name, value] : defaults->values)
                                  values.insert(models::text(name), models::text(value));
                          }
                          const std::string problem = defaults ? defaults->problem : defaults.error().text();
                          m_defaultsNote =
                              problem.empty()
                                  ? QString()
                                  : tr("The chart's own values cannot be shown: %1").arg(models::sentence(problem));
                          m_form->setDefaults(values);
                          showState();
                      });
}

void ParametersPane::openPreview()
{
    service::SourceParameters *parameters = sourceParametersOf(m_service);
    models::SourceDraft *shown = draft();
    if (!parameters || !shown || !m_save->isEnabled())
        return;
    auto *dialog = new ParametersDialog(m_service, *parameters, m_settings, this);
    m_dialog = dialog;
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ParametersDialog::isStale, this, &ParametersPane::ask);
    connect(dialog, &ParametersDialog::failedUnseen, this, &ParametersPane::failed);
    connect(dialog, &ParametersDialog::saved, this,
            [this, dialog, app = m_app, position = m_works[m_app].position](const QString &text) {
                // The dialog may have been closed meanwhile: what was changed since then is not saved.
                models::SourceDraft &saved = m_works[app].drafts[position];
                if (saved.changes() == dialog->request().fields)
                    saved.discard();
                m_wasChangedElsewhere = false;
                if (m_dialog == dialog)
                    m_dialog = nullptr;
                ask();
                Q_EMIT noticed(text);
            });
    dialog->setRequest({m_app, shown->form().position, shown->form().seen, shown->changes()});
    dialog->open();
}

} // namespace tiphys::ui
