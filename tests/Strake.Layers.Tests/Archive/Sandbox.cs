using System.Diagnostics;
using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Strake.Images;
using Strake.Layers.Archive;
using Strake.Linux;

namespace Strake.Layers.Tests.Archive;

/// <summary>
/// A temporary folder with a layer's directory in it, and beside that a canary: a tree that nothing may change, compared to the last mode
/// and time on disposal.
/// </summary>
sealed class Sandbox : IDisposable
{
    readonly string _canaryBefore;

    public Sandbox()
    {
        Folder = Directory.CreateTempSubdirectory("strake-test-archive-").FullName;
        Run("mkdir layer canary canary/dir; echo secret > canary/file; echo x > canary/dir/x; chmod 600 canary/file; chmod 700 canary/dir");
        _canaryBefore = Listing("canary");
    }

    public string Folder { get; }

    /// <summary>The layer's directory.</summary>
    public string Layer => Path.Combine(Folder, "layer");

    public string At(string name) => Path.Combine(Folder, name);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    /// <summary>Runs a shell command in the folder and returns what it prints.</summary>
    public string Run(string script)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-euc", script]) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{script}\n{errors.Result}");
        return output;
    }

    /// <summary>The archive that a script leaves as a.tar.</summary>
    public byte[] Tar(string script)
    {
        Run($"rm -rf make; mkdir make; cd make; {script}");
        return File.ReadAllBytes(At("make/a.tar"));
    }

    /// <summary>All that is to know of a tree, a line each: type, mode, owner, size, time, link, content, attributes.</summary>
    public string Listing(string name) => Run($$"""
        cd {{name}}
        find . \( -type d -printf '%p %y %m %U:%G %T@\n' \) -o \( -type l -printf '%p %y %U:%G %T@ %l\n' \) -o -printf '%p %y %m %U:%G %s %T@ %n\n' | sort
        find . -type f -print0 | sort -z | xargs -0r md5sum
        find . \( -type b -o -type c \) -print0 | sort -z | xargs -0r stat -c '%n %t:%T'
        find . -print0 | sort -z | xargs -0r getfattr -h -d -m - --absolute-names 2>/dev/null || true
        """);

    /// <summary>Applies a layer to a directory of the folder, empty unless it exists.</summary>
    public async Task<(AppliedLayer Applied, byte[] Record)> ApplyAsync(byte[] layer, WhiteoutForm form = WhiteoutForm.Overlay, string directory = "layer", LayerApplyOptions? options = null)
    {
        Directory.CreateDirectory(At(directory));
        using var handle = Syscall.Open(At(directory), OpenFlags.Directory);
        var record = new MemoryStream();
        var applied = await LayerApply.ApplyAsync(
            new MemoryStream(layer), handle, options ?? new LayerApplyOptions { Whiteouts = form }, record, progress: null, TestContext.Current.CancellationToken);
        Assert.Equal(Digest.FromHash(SHA256.HashData(layer)), applied.Blob);
        return (applied, record.ToArray());
    }

    /// <summary>The tar that a record and a directory give.</summary>
    public async Task<byte[]> RestoreAsync(byte[] record, string directory = "layer")
    {
        using var handle = Syscall.Open(At(directory), OpenFlags.Directory);
        var tar = new MemoryStream();
        await SplitRecord.WriteTarAsync(new MemoryStream(record), handle, tar, () => new MemoryStream(), TestContext.Current.CancellationToken);
        return tar.ToArray();
    }

    /// <summary>Applies a tar and checks that it comes back byte for byte.</summary>
    public async Task<AppliedLayer> RoundTripAsync(byte[] tar, WhiteoutForm form = WhiteoutForm.Overlay, string directory = "layer")
    {
        var (applied, record) = await ApplyAsync(tar, form, directory);
        Assert.True((await RestoreAsync(record, directory)).AsSpan().SequenceEqual(tar), "the tar does not come back");
        return applied;
    }

    /// <summary>A tar of entries made by hand, by another implementation than ours.</summary>
    public static byte[] Make(params TarEntry[] entries)
    {
        var target = new MemoryStream();
        using (var writer = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var entry in entries) writer.WriteEntry(entry);
        }
        return target.ToArray();
    }

    public static TarEntry File_(string name, string content = "content", int mode = 0x1A4) => new PaxTarEntry(TarEntryType.RegularFile, name)
    {
        DataStream = new MemoryStream(Bytes(content)),
        Mode = (UnixFileMode)mode,
        ModificationTime = DateTimeOffset.FromUnixTimeSeconds(1_000_000_000),
    };

    public static TarEntry Dir(string name, int mode = 0x1ED) => new PaxTarEntry(TarEntryType.Directory, name)
    {
        Mode = (UnixFileMode)mode,
        ModificationTime = DateTimeOffset.FromUnixTimeSeconds(1_100_000_000),
    };

    public static TarEntry Link(string name, string target) => new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target };

    public static TarEntry Hard(string name, string target) => new PaxTarEntry(TarEntryType.HardLink, name) { LinkName = target };

    public static TarEntry Device(string name, int major, int minor) => new PaxTarEntry(TarEntryType.CharacterDevice, name) { DeviceMajor = major, DeviceMinor = minor };

    public void Dispose()
    {
        var canary = Listing("canary");
        TreeRemoval.Remove(Folder, CancellationToken.None);
        Assert.Equal(_canaryBefore, canary);
    }
}
