// The report as files for the quality folder.

import { useEngine, useHost, useMutation, useQuery } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, ErrorNote, ICONS, pickFolder, showError, toast } from '../../ui/index.ts';

export function Report({ id }: { id: string }) {
  const t = useTexts('prove');
  const engine = useEngine();
  const host = useHost();
  const about = useQuery(['about'], ({ host: from, signal }) => from.about({}, { signal }));
  const save = useMutation(async () => {
    const folder = await pickFolder({ title: t.reportFolder });
    if (folder === null) return;
    const { pdf } = await engine.prove.report({ id, folder });
    const show = { label: t.show, run: () => void host.folders.reveal({ path: pdf }).catch(showError) };
    toast({ text: t.reportSaved(folder), ...(about.data?.canReveal && { action: show }) });
  });
  return (
    <div className="prove-report">
      <div className="row">
        <Button icon={ICONS.file} disabled={save.busy} onClick={() => void save.run()}>
          {t.report}
        </Button>
        <span className="small soft">{t.reportText}</span>
      </div>
      <ErrorNote error={save.error} />
    </div>
  );
}
