// SHA256SUMS as sha256sum reads it, and verify.cmd for receivers on Windows.

import { AppError } from '../../core/base/errors.ts';
import { compareCodePoints } from '../../core/domain/text-order.ts';
import { isSafePath } from './manifest.ts';

export const SUMS_FILE = 'SHA256SUMS';
export const VERIFY_CMD = 'verify.cmd';

/** `HASH  path` per file, LF, sorted by path. */
export function formatSums(hashes: ReadonlyMap<string, string>): string {
  const files = [...hashes.keys()].sort(compareCodePoints);
  return files.map((file) => `${hashes.get(file)}  ${file}\n`).join('');
}

/** Path to hash; anything that is not exactly the written form is refused. */
export function parseSums(text: string): Map<string, string> {
  const hashes = new Map<string, string>();
  const lines = text.split('\n');
  if (lines.pop() !== '') throw damaged('does not end with a line break, so it may be cut off');
  for (const [i, line] of lines.entries()) {
    const match = /^([0-9a-f]{64}) {2}(.+)$/.exec(line);
    if (match === null || !isSafePath(match[2])) throw damaged(`line ${i + 1} is not "HASH  path"`);
    if (hashes.has(match[2])) throw damaged(`names ${match[2]} twice`);
    hashes.set(match[2], match[1]);
  }
  return hashes;
}

function damaged(what: string): AppError {
  const hint = 'The export was changed or damaged. Export again.';
  return new AppError('verify-failed', `${SUMS_FILE} ${what}.`, { file: SUMS_FILE, hint });
}

/** Checks every line of SHA256SUMS with certutil, which every Windows has. File names hold nothing cmd would expand. */
export function verifyCmd(): string {
  const lines = [
    '@echo off',
    'rem Checks the files of this folder against SHA256SUMS. Start it by a double click.',
    'setlocal EnableExtensions DisableDelayedExpansion',
    'chcp 65001 >nul',
    'cd /d "%~dp0"',
    'set /a GOOD=0',
    'set /a BAD=0',
    'for /f "usebackq tokens=1,* delims= " %%A in ("SHA256SUMS") do call :check "%%A" "%%B"',
    'echo %GOOD% files correct, %BAD% wrong or missing.',
    'if not defined FLAWSMITH_NO_PAUSE pause',
    'if %BAD% gtr 0 exit /b 1',
    'exit /b 0',
    '',
    ':check',
    'set "NAME=%~2"',
    'set "NAME=%NAME:/=\\%"',
    'set "FOUND="',
    'for /f "skip=1 delims=" %%H in (\'certutil -hashfile "%NAME%" SHA256 2^>nul\') do if not defined FOUND set "FOUND=%%H"',
    'if not defined FOUND goto wrong',
    'set "FOUND=%FOUND: =%"',
    'if /i not "%FOUND%"=="%~1" goto wrong',
    'set /a GOOD+=1',
    'exit /b 0',
    ':wrong',
    'set /a BAD+=1',
    'echo WRONG OR MISSING: %NAME%',
    'exit /b 0',
    '',
  ];
  return lines.join('\r\n');
}
