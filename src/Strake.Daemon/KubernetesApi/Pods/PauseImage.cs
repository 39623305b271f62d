using System.Formats.Tar;
using Strake.Images;

namespace Strake.Daemon.KubernetesApi.Pods;

/// <summary>
/// The image of sandboxes: one program of 192 bytes that does nothing, which is all that a namespace needs to stay. It ignores the ends of children, so that
/// the kernel clears them away where containers share processes.
/// </summary>
static class PauseImage
{
    /// <summary>Its name.</summary>
    public static ImageReference Reference { get; } = ImageReference.Parse("strake/pause:1");

    /// <summary>The program in the image.</summary>
    public const string Program = "/pause";

    /// <summary>Sees to it that the image is there.</summary>
    /// <exception cref="StrakeException">NotSupported: there is no such program for this processor.</exception>
    public static async Task EnsureAsync(ImageStore images, CancellationToken cancellationToken)
    {
        if (await images.FindAsync(Reference.Familiar, cancellationToken) is not null) return;
        if (System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture is not System.Runtime.InteropServices.Architecture.X64)
            throw StrakeException.NotSupported("pods are run on x86-64 only, so far: the program of their sandboxes is written for it");
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            await writer.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.RegularFile, Program[1..])
                {
                    Mode = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute,
                    DataStream = new MemoryStream(s_elf),
                    ModificationTime = DateTimeOffset.UnixEpoch,
                },
                cancellationToken);
        }

        tar.Position = 0;
        await images.ImportAsync(tar, new ImageImport { Reference = Reference, Message = "the sandbox of pods" }, progress: null, cancellationToken);
    }

    // elf(5): the header, one program header that maps the file at 0x400000, the code, and what rt_sigaction(2) is given.
    static readonly byte[] s_elf =
    [
        0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        2, 0, 62, 0, 1, 0, 0, 0, // executable, x86-64
        0x78, 0, 0x40, 0, 0, 0, 0, 0, // entry
        64, 0, 0, 0, 0, 0, 0, 0, // program headers
        0, 0, 0, 0, 0, 0, 0, 0, // no sections
        0, 0, 0, 0, 64, 0, 56, 0, 1, 0, 0, 0, 0, 0, 0, 0,

        1, 0, 0, 0, 5, 0, 0, 0, // load, readable and executable
        0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0x40, 0, 0, 0, 0, 0,
        0, 0, 0x40, 0, 0, 0, 0, 0,
        192, 0, 0, 0, 0, 0, 0, 0,
        192, 0, 0, 0, 0, 0, 0, 0,
        0, 0x10, 0, 0, 0, 0, 0, 0,

        0xb8, 13, 0, 0, 0, // mov eax, rt_sigaction
        0xbf, 17, 0, 0, 0, // mov edi, SIGCHLD
        0xbe, 0xa0, 0, 0x40, 0, // mov esi, what is to be done
        0x31, 0xd2, // xor edx, edx
        0x41, 0xba, 8, 0, 0, 0, // mov r10d, 8
        0x0f, 0x05, // syscall
        0xb8, 34, 0, 0, 0, // again: mov eax, pause
        0x0f, 0x05, // syscall
        0xeb, 0xf7, // jmp again
        0, 0, 0, 0, 0, 0,

        1, 0, 0, 0, 0, 0, 0, 0, // SIG_IGN
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];
}
