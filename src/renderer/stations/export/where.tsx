// Step 2: a drive or a folder, and the name of the new folder in it.

import { fileSystemName } from '../../../core/domain/file-systems.ts';
import { useLanguage, useTexts } from '../../texts/index.ts';
import { Badge, Button, ErrorNote, ICONS, Icon, pickFolder, TextField } from '../../ui/index.ts';
import { formatBytes } from './format-bytes.ts';
import { type Drive, driveOf, useDrives } from './use-drives.ts';

interface WhereProps {
  parent: string | null;
  onParent(parent: string): void;
  name: string;
  onName(name: string): void;
}

const LOOK_MS = 4000;
const STICK = 'M8 3h8v6H8zM6 9h12v12H6zM10.5 5.5v1M13.5 5.5v1';
const DISK = 'M3 13l3-8h12l3 8v6H3zM3 13h18M16.5 16v.1';
const SHARE = 'M12 4v6M6 20v-5h12v5M12 10v5M4 20h4M16 20h4M10 4h4';

export function Where({ parent, onParent, name, onName }: WhereProps) {
  const t = useTexts('export');
  const { data, error, reload } = useDrives(LOOK_MS);
  const drives = data?.drives ?? [];
  const current = parent === null ? null : driveOf(parent, drives);
  const isOwn = parent !== null && !drives.some(({ path }) => path === parent);
  const choose = async (): Promise<void> => {
    const folder = await pickFolder({ title: t.chooseFolder, ...(parent !== null && { start: parent }) });
    if (folder !== null) onParent(folder);
  };
  return (
    <section className="export-step" aria-labelledby="export-where">
      <h2 id="export-where">
        <span className="export-number">2</span>
        {t.where}
      </h2>
      <ErrorNote error={error} retry={reload} />
      <div className="export-drives" role="radiogroup" aria-label={t.drives}>
        {data === undefined && !error && <p className="soft small">{t.lookingForDrives}</p>}
        {data !== undefined && drives.length === 0 && <p className="soft small">{t.noDrives}</p>}
        {drives.map((drive) => (
          <DriveCard
            key={drive.mount}
            drive={drive}
            chosen={!isOwn && drive === current}
            onChoose={() => onParent(drive.path)}
          />
        ))}
      </div>
      <Button icon={ICONS.folder} onClick={() => void choose()}>
        {t.otherFolder}
      </Button>
      {isOwn && (
        <div className="export-own">
          <span className="soft small">{t.chosenFolder}</span>
          <div className="path">{parent}</div>
        </div>
      )}
      <TextField label={t.name} value={name} onChange={(event) => onName(event.target.value)} />
    </section>
  );
}

function DriveCard({ drive, chosen, onChoose }: { drive: Drive; chosen: boolean; onChoose(): void }) {
  const t = useTexts('export');
  const language = useLanguage();
  const { mount, path, removable, network, writable, freeBytes, totalBytes } = drive;
  const kind = removable ? t.drive.stick : network ? t.drive.network : t.drive.home;
  const size = (bytes: number): string => formatBytes(bytes, language);
  return (
    <label className={writable ? 'export-drive' : 'export-drive off'}>
      <input type="radio" name="export-drive" checked={chosen} disabled={!writable} onChange={onChoose} />
      <Icon path={removable ? STICK : network ? SHARE : DISK} size={24} />
      <span className="grow">
        <span className="row">
          <strong className="ellipsis">{drive.name || (path === mount ? mount : kind)}</strong>
          {removable && <Badge>{kind}</Badge>}
          {!writable && <Badge tone="warn">{t.drive.full}</Badge>}
        </span>
        <span className="small soft">
          {[
            fileSystemName(drive.fileSystem),
            totalBytes > 0 ? t.free(size(freeBytes), size(totalBytes)) : t.freeUnknown,
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        <span className="path soft ellipsis export-block">{path}</span>
      </span>
    </label>
  );
}
