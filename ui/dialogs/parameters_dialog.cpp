// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/parameters_dialog.h"

#include "models/action_text.h"
#include "models/parameter_text.h"
#include "models/text.h"
#include "ui/dialogs/preview_banner.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/diff_pane.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/typed_confirmation.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QTabBar>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

ParametersDialog::ParametersDialog(service::Service &service, service::SourceParameters &parameters, Settings &settings,
                                   QWidget *parent)
    : WritingDialog(parent), m_service(service), m_parameters(parameters),
      m_title(new TextLabel(TextLabel::Rank::Title, {}, this)), m_banner(new Banner(this)),
      m_summary(new TextLabel(TextLabel::Rank::Body, {}, this)),
      m_checkText(new TextLabel(TextLabel::Rank::Body, {}, this)), m_checkAct(new QPushButton(this)),
      m_tabs(new QTabBar(this)), m_panes(new QStackedWidget(this)), m_stored(new DiffView(this)),
      m_rendered(new DiffPane(settings, this)), m_confirmation(new TypedConfirmation(this)),
      m_notice(new TextLabel(TextLabel::Rank::Secondary, {}, this)), m_save(new QPushButton(this))
{
    setModal(true);
    build();
    connect(m_tabs, &QTabBar::currentChanged, m_panes, &QStackedWidget::setCurrentIndex);
    connect(m_confirmation, &TypedConfirmation::changed, this, &ParametersDialog::updateButton);
    connect(m_save, &QPushButton::clicked, this, &ParametersDialog::save);
    connect(m_checkAct, &QPushButton::clicked, this, [this] { isChecking() ? endCheck() : check(); });
    // Nobody waits for it any more; what is being written goes on.
    connect(this, &QDialog::finished, this, [this] {
        if (isChecking())
            m_parameters.stopSourceCheck();
    });
    connect(m_stored, &DiffView::noticed, m_notice, &QLabel::setText);
    connect(m_rendered, &DiffPane::noticed, m_notice, &QLabel::setText);
    connect(new QShortcut(QKeySequence::Find, this), &QShortcut::activated, m_rendered, &DiffPane::startFind);
}

void ParametersDialog::build()
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(5 * u, 5 * u, 5 * u, 4 * u);
    column->setSpacing(3 * u);
    column->addWidget(m_title);
    column->addWidget(m_banner);
    m_summary->setWordWrap(true);
    column->addWidget(m_summary);
    auto *checkRow = new QHBoxLayout;
    checkRow->setSpacing(2 * u);
    m_checkText->setWordWrap(true);
    checkRow->addWidget(m_checkText, 1);
    checkRow->addWidget(m_checkAct, 0, Qt::AlignTop);
    column->addLayout(checkRow);
    m_tabs->addTab(tr("Stored in the application"));
    m_tabs->addTab(tr("Rendered"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setDocumentMode(true);
    m_tabs->setAccessibleName(tr("Ways to show it"));
    column->addWidget(m_tabs);
    m_stored->setTitles(tr("Now, in the cluster"), tr("Afterwards"));
    m_stored->setLayoutMode(models::DiffLayout::Unified);
    m_stored->setAccessibleName(tr("Difference of the application"));
    m_rendered->text()->setTitles(tr("Rendered now"), tr("Rendered afterwards"));
    m_panes->addWidget(m_stored);
    m_panes->addWidget(m_rendered);
    column->addWidget(m_panes, 1);
    column->addWidget(m_confirmation);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(2 * u);
    buttons->addWidget(m_notice, 1);
    auto *cancel = new QPushButton(tr("Back to the parameters"), this);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    buttons->addWidget(cancel);
    m_save->setDefault(true);
    makePrimary(m_save);
    buttons->addWidget(m_save);
    column->addLayout(buttons);
    resize(200 * u, 140 * u);
}

QString ParametersDialog::problem() const
{
    return m_banner->text();
}

QString ParametersDialog::checkText() const
{
    return m_checkText->text();
}

QString ParametersDialog::notice() const
{
    return m_notice->text();
}

void ParametersDialog::setRequest(const service::SourceEditRequest &request)
{
    m_isRepeated = m_isRepeated || (!m_request.seen.empty() && m_request.seen != request.seen);
    m_request = request;
    const QString name = models::text(request.app.name);
    const QString context = models::text(request.app.context);
    setWindowTitle(tr("Parameters of %1").arg(name));
    m_title->setText(tr("Save the parameters of %1 on %2").arg(name, context));
    m_confirmation->require(models::typingForAct(*m_service.clusters(), request.app.context,
                                                 {"argoproj.io", "Application", request.app.ns, request.app.name}),
                            tr("%1 is protected.").arg(context));
    m_hasPreview = false;
    updateButton();
    m_summary->setText(tr("Working out what will be stored and rendered…"));
    service::whenDone(m_parameters.previewSource(request), this,
                      [this, asked = ++m_asked](const Expected<service::SourcePreview> &preview) {
                          if (asked != m_asked)
                              return;
                          if (preview)
                              showPreview(*preview);
                          else
                              showFailure(preview.error());
                          Q_EMIT previewShown();
                      });
    check();
}

void ParametersDialog::check()
{
    m_check = Check::Running;
    m_verdict = {};
    showCheck();
    service::whenDone(
        m_parameters.checkSource(m_request), this,
        [this, asked = ++m_askedCheck](const Expected<service::SourceVerdict> &verdict) {
            if (asked != m_askedCheck)
                return;
            m_verdict = verdict.value_or(service::SourceVerdict());
            m_checkProblem = verdict ? QString() : models::sentence(verdict.error().text());
            m_check = !verdict ? Check::Failed : m_verdict.refusal.empty() ? Check::Taken : Check::Refused;
            showCheck();
            Q_EMIT checked();
        });
}

void ParametersDialog::endCheck()
{
    ++m_askedCheck;
    m_parameters.stopSourceCheck();
    m_check = Check::Stopped;
    showCheck();
    Q_EMIT checked();
}

void ParametersDialog::showCheck()
{
    const bool isUnnamed = !m_verdict.unchecked.empty();
    switch (m_check) {
    case Check::Running:
        m_checkText->setText(tr("Checking whether Argo CD would take it: project, destination, repositories and "
                                "manifests…"));
        break;
    case Check::Stopped:
        m_checkText->setText(tr("The check was stopped: whether Argo CD would take it is not known."));
        break;
    case Check::Failed:
        m_checkText->setText(tr("Whether Argo CD would take it is not known: %1").arg(m_checkProblem));
        break;
    case Check::Refused: m_checkText->setText(tr("Argo CD would refuse it.")); break;
    case Check::Taken:
        m_checkText->setText(isUnnamed ? tr("As far as this machine can tell Argo CD would take it.")
                                       : tr("Argo CD would take it."));
        break;
    }
    m_checkAct->setText(isChecking() ? tr("Stop the check") : tr("Check again"));
    m_checkAct->setVisible(isChecking() || m_check == Check::Stopped || m_check == Check::Failed);
    showBanner();
    updateButton();
}

void ParametersDialog::showPreview(const service::SourcePreview &preview)
{
    m_preview = preview;
    m_hasPreview = true;
    showBanner();
    m_summary->setText(models::previewText(preview));
    m_stored->setDiff(preview.stored.lines);
    m_stored->walk(1);
    const int count = static_cast<int>(preview.rendered.size());
    m_tabs->setTabText(1, count > 0 ? tr("Rendered (%1)").arg(count) : tr("Rendered"));
    if (!preview.renderProblem.empty())
        m_rendered->showMessage(tr("It cannot be rendered"), models::sentence(preview.renderProblem));
    else if (count == 0)
        m_rendered->showMessage(tr("No differences"), tr("The same resources are rendered before and after."));
    else
        m_rendered->show(preview.rendered, {});
    updateButton();
}

void ParametersDialog::showBanner()
{
    if (!m_hasPreview)
        return;
    const QString changed = m_isRepeated ? tr("The source changed meanwhile and nothing was written. This is what "
                                              "would be written now, your changes over the source as it is.")
                                         : QString();
    if (m_check == Check::Refused && m_preview.refusal.empty()) {
        m_banner->show({Mark::Failed, StatusColor::Degraded},
                       tr("Nothing was saved: %1").arg(models::sentence(m_verdict.refusal)));
        return;
    }
    std::vector<std::string> warnings = m_preview.warnings;
    for (const std::vector<std::string> *more : {&m_verdict.unchecked, &m_verdict.warnings})
        warnings.insert(warnings.end(), more->begin(), more->end());
    showPreviewState(*m_banner, m_preview.refusal, changed, warnings);
}

void ParametersDialog::showFailure(const Error &error)
{
    m_hasPreview = false;
    if (error.code() == ErrorCode::Conflict && !m_isRepeated) {
        // Once: the sources are read again, and what was entered is laid over them.
        m_isRepeated = true;
        Q_EMIT isStale();
        return;
    }
    m_summary->clear();
    m_stored->setDiff({});
    m_rendered->showMessage(tr("Nothing to show"), {});
    m_banner->show({Mark::Failed, StatusColor::Degraded}, models::sentence(error.text()));
    updateButton();
}

void ParametersDialog::updateButton()
{
    const bool isConfirmed = m_confirmation->isGiven();
    const bool isRefusedForGood = m_check == Check::Refused && !m_verdict.mayBeStoredAnyway;
    const QString name = models::text(m_request.app.name);
    m_save->setText(m_check == Check::Running || m_check == Check::Taken || isRefusedForGood
                        ? tr("Save to application %1").arg(name)
                        : tr("Save to application %1 anyway").arg(name));
    m_save->setEnabled(m_hasPreview && !isWriting() && m_preview.refusal.empty() && !m_preview.stored.lines.empty()
                       && isConfirmed && !isChecking() && !isRefusedForGood);
    m_save->setToolTip(isChecking()   ? tr("It is being checked first.")
                       : !isConfirmed ? tr("Type the name of the application first.")
                                      : QString());
}

void ParametersDialog::save()
{
    if (!m_save->isEnabled())
        return;
    startWriting();
    updateButton();
    m_summary->setText(tr("Writing…"));
    service::SourceEditRequest request = m_request;
    request.validates = m_check == Check::Taken;
    service::whenDone(m_parameters.saveSource(request), this, [this](const Expected<service::Done> &done) {
        const bool isLeft = endWriting();
        if (!done && isLeft) {
            Q_EMIT failedUnseen(
                tr("%1: %2", "act, what happened").arg(m_title->text(), models::sentence(done.error().text())));
            return;
        }
        if (!done) {
            m_isRepeated = false;
            showFailure(done.error());
            return;
        }
        Q_EMIT saved(tr("The parameters of %1 are saved.").arg(models::text(m_request.app.name)));
        accept();
    });
}

} // namespace tiphys::ui
