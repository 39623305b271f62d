using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Strake.Images;
using Strake.Layers;
using Strake.Layers.Archive;
using Strake.Linux;

namespace Strake.Containers.Plugins;

/// <summary>The bytes of plugins: packed from a folder, fetched from a registry, sent to one; kept by their digests and unpacked beside.</summary>
sealed class PluginContents(PluginFolder folder)
{
    const string RootPrefix = "root-";
    const string ConfigFile = "config.json";
    const string RootFsFolder = "rootfs";

    /// <summary>Makes a plugin's content of a tar with <c>config.json</c> and <c>rootfs/</c>. On return it is on disk.</summary>
    /// <exception cref="StrakeException">Invalid: it is no such tar.</exception>
    public async Task<(PluginContent Content, PluginConfig Config)> PackAsync(string id, Stream tar, CancellationToken cancellationToken)
    {
        string root = NewRoot(id, out SafeFileHandle handle);
        using (handle)
        {
            await TreeExtract.ExtractAsync(tar, handle, new TreeExtractOptions(), cancellationToken);
            byte[] written = ReadConfig(handle);
            PluginConfig config = PluginDocuments.ReadConfig(written);
            using SafeFileHandle files = OpenRootFs(handle);
            (PluginBlob layer, string diffId) = await PackLayerAsync(files, cancellationToken);
            config = config with { Root = new PluginRoot { DiffIds = [diffId] } };
            PluginBlob kept = Keep(PluginDocuments.ConfigType, JsonSerializer.SerializeToUtf8Bytes(config, ManagedPluginJson.Default.PluginConfig));
            var content = new PluginContent(KeepManifest(kept, [layer]).Digest, kept.Digest, [layer.Digest], $"{Path.GetFileName(root)}/{RootFsFolder}");
            Syscall.SyncFs(handle);
            return (content, config);
        }
    }

    /// <summary>What a registry has of a plugin: its manifest and config.</summary>
    /// <exception cref="StrakeException">NotFound: nothing of that name. Invalid: it is no plugin.</exception>
    public static async Task<(PluginManifest Manifest, ReadOnlyMemory<byte> Bytes, byte[] Config)> LookAsync(
        IRemoteRepository repository, ImageReference reference, CancellationToken cancellationToken)
    {
        string name = reference.Digest?.ToString() ?? reference.Tag ?? ImageReference.DefaultTag;
        RemoteManifest found = await repository.FindManifestAsync(name, cancellationToken)
            ?? throw StrakeException.NotFound($"plugin {reference.Familiar} not found: the registry has no such manifest");
        if (ManifestDocument.Parse(found.Bytes, found.MediaType) is not ImageManifest manifest || manifest.Config.MediaType != PluginDocuments.ConfigType)
            throw StrakeException.Invalid($"{reference.Familiar} is no plugin: it is an image, or a list of images");
        if (manifest.Config.SizeBytes > PluginDocuments.MaxBytes)
            throw StrakeException.TooLarge($"plugin {reference.Familiar}: its config has {manifest.Config.SizeBytes} bytes; the limit is {PluginDocuments.MaxBytes}");
        await using Stream stream = await repository.OpenBlobAsync(manifest.Config, 0, cancellationToken);
        using var config = new MemoryStream();
        await stream.CopyToAsync(config, cancellationToken);
        byte[] bytes = config.ToArray();
        if (Digest.Of(bytes) != manifest.Config.Digest)
            throw StrakeException.DataLoss($"plugin {reference.Familiar}: the registry sent other bytes than {manifest.Config.Digest}");
        return (new PluginManifest(2, found.MediaType ?? MediaTypes.DockerManifest, BlobOf(manifest.Config), [.. manifest.Layers.Select(BlobOf)]), found.Bytes, bytes);
    }

    /// <summary>Fetches and unpacks a plugin's layers. On return it is on disk.</summary>
    public async Task<PluginContent> FetchAsync(
        string id, IRemoteRepository repository, PluginManifest manifest, ReadOnlyMemory<byte> bytes, byte[] config, CancellationToken cancellationToken)
    {
        string root = NewRoot(id, out SafeFileHandle handle);
        using (handle)
        {
            Syscall.MkdirAt(handle, RootFsFolder, Permissions.Octal0755);
            using SafeFileHandle files = OpenRootFs(handle);
            foreach (PluginBlob layer in manifest.Layers)
            {
                await FetchBlobAsync(repository, layer, cancellationToken);
                await using FileStream stream = File.OpenRead(folder.Blob(layer.Digest));
                var options = new LayerApplyOptions { Whiteouts = WhiteoutForm.Absent, Expected = new LayerExpectation(layer.ToDescriptor().Digest, layer.Size) };
                await LayerApply.ApplyAsync(stream, files, options, splitRecord: null, progress: null, cancellationToken);
            }

            string kept = Keep(PluginDocuments.ConfigType, config).Digest;
            string document = Keep(manifest.MediaType, bytes.Span).Digest;
            Syscall.SyncFs(handle);
            return new PluginContent(document, kept, [.. manifest.Layers.Select(static layer => layer.Digest)], $"{Path.GetFileName(root)}/{RootFsFolder}");
        }
    }

    /// <summary>Sends a plugin to a registry.</summary>
    public async Task SendAsync(PluginContent content, IRemoteRepository repository, string tag, CancellationToken cancellationToken)
    {
        byte[] bytes = await File.ReadAllBytesAsync(folder.Blob(content.Manifest), cancellationToken);
        var manifest = (ImageManifest)ManifestDocument.Parse(bytes, null);
        foreach (Descriptor blob in manifest.Layers.Append(manifest.Config))
        {
            if (!await repository.HasBlobAsync(blob.Digest, cancellationToken))
                await repository.PushBlobAsync(blob, _ => ValueTask.FromResult<Stream>(File.OpenRead(folder.Blob(blob.Digest.ToString()))), cancellationToken);
        }

        await repository.PutManifestAsync(tag, bytes, manifest.MediaType, cancellationToken);
    }

    /// <summary>The config of a content.</summary>
    /// <exception cref="StrakeException">DataLoss: it is gone or damaged.</exception>
    public PluginConfig ReadConfig(PluginContent content)
    {
        string path = folder.Blob(content.Config);
        if (!File.Exists(path))
            throw StrakeException.DataLoss($"the config of a plugin is gone: {path}; remove the plugin and install it again");
        byte[] bytes = File.ReadAllBytes(path);
        return Digest.Of(bytes).ToString() == content.Config
            ? PluginDocuments.ReadConfig(bytes)
            : throw StrakeException.DataLoss($"the config of a plugin is damaged: {path}; remove the plugin and install it again");
    }

    /// <summary>Removes what no record names: blobs, roots of plugins, and folders.</summary>
    /// <param name="known">The contents that records name, with the plugins' ids.</param>
    public void Sweep(IReadOnlyList<(string Id, PluginContent Content)> known)
    {
        SweepBlobs(known.Select(static item => item.Content));
        foreach (string id in folder.List().ToList())
        {
            string? root = known.FirstOrDefault(item => item.Id == id).Content?.Root.Split('/')[0];
            if (root is null)
            {
                if (!MountTable.IsMountPoint(folder.Propagated(id)))
                    TreeRemoval.Remove(folder.Of(id));
                continue;
            }

            foreach (string other in Directory.EnumerateDirectories(folder.Of(id), RootPrefix + "*").Where(path => Path.GetFileName(path) != root).ToList())
                TreeRemoval.Remove(other);
        }
    }

    /// <summary>Removes the blobs that none of these contents has.</summary>
    public void SweepBlobs(IEnumerable<PluginContent> known)
    {
        HashSet<string> kept = [.. known.SelectMany(static content => (string[])[content.Manifest, content.Config, .. content.Layers]).Select(folder.Blob)];
        foreach (string file in Directory.Exists(folder.Blobs) ? Directory.EnumerateFiles(folder.Blobs).ToList() : [])
        {
            if (!kept.Contains(file))
                File.Delete(file);
        }
    }

    string NewRoot(string id, out SafeFileHandle handle)
    {
        Directory.CreateDirectory(folder.Blobs, Permissions.Octal0700);
        Directory.CreateDirectory(folder.Of(id), Permissions.Octal0711);
        string root = folder.Root(id, RootPrefix + RandomNumberGenerator.GetHexString(8, lowercase: true));
        Directory.CreateDirectory(root, Permissions.Octal0755);
        handle = Syscall.Open(root, OpenFlags.Directory);
        return root;
    }

    static byte[] ReadConfig(SafeFileHandle root)
    {
        using SafeFileHandle? file = Syscall.TryOpenAt2(root, PathBytes.Encode(ConfigFile), OpenFlags.ReadOnly | OpenFlags.NoFollow, ResolveFlags.Beneath | ResolveFlags.NoSymlinks, UnixFileMode.None);
        if (file is null)
            throw StrakeException.Invalid("the plugin's archive holds no config.json");
        long length = RandomAccess.GetLength(file);
        if (length > PluginDocuments.MaxBytes)
            throw StrakeException.TooLarge($"the plugin's config.json has {length} bytes; the limit is {PluginDocuments.MaxBytes}");
        byte[] bytes = new byte[length];
        return bytes[..RandomAccess.Read(file, bytes, 0)];
    }

    static SafeFileHandle OpenRootFs(SafeFileHandle root) =>
        Syscall.TryOpenAt2(root, PathBytes.Encode(RootFsFolder), OpenFlags.Directory | OpenFlags.NoFollow, ResolveFlags.Beneath | ResolveFlags.NoSymlinks, UnixFileMode.None)
        ?? throw StrakeException.Invalid("the plugin's archive holds no rootfs");

    async Task<(PluginBlob Layer, string DiffId)> PackLayerAsync(SafeFileHandle files, CancellationToken cancellationToken)
    {
        string temporary = folder.Blobs + "/.new-" + RandomNumberGenerator.GetHexString(8);
        try
        {
            using var plain = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using (FileStream file = File.Create(temporary))
            {
                await using var gzip = new GzipEncodingStream(file);
                await using var tap = new HashedStream(gzip, plain);
                await TreeTar.WriteTreeAsync(files, includesRoot: false, tap, cancellationToken);
                await gzip.CompleteAsync(cancellationToken);
            }

            await using FileStream written = File.OpenRead(temporary);
            string digest = Digest.FromHash(await SHA256.HashDataAsync(written, cancellationToken)).ToString();
            File.Move(temporary, folder.Blob(digest), overwrite: true);
            return (new PluginBlob(MediaTypes.DockerLayer, written.Length, digest), Digest.FromHash(plain.GetHashAndReset()).ToString());
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    async Task FetchBlobAsync(IRemoteRepository repository, PluginBlob layer, CancellationToken cancellationToken)
    {
        string path = folder.Blob(layer.Digest);
        if (File.Exists(path))
            return;
        string temporary = folder.Blobs + "/.new-" + RandomNumberGenerator.GetHexString(8);
        try
        {
            await using (Stream source = await repository.OpenBlobAsync(layer.ToDescriptor(), 0, cancellationToken))
            await using (FileStream file = File.Create(temporary))
                await source.CopyToAsync(file, cancellationToken);
            await using (FileStream written = File.OpenRead(temporary))
            {
                string digest = Digest.FromHash(await SHA256.HashDataAsync(written, cancellationToken)).ToString();
                if (digest != layer.Digest)
                    throw StrakeException.DataLoss($"the registry sent other bytes than {layer.Digest}: {digest}");
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    PluginBlob KeepManifest(PluginBlob config, IReadOnlyList<PluginBlob> layers) => Keep(
        MediaTypes.DockerManifest,
        JsonSerializer.SerializeToUtf8Bytes(new PluginManifest(2, MediaTypes.DockerManifest, config, layers), ManagedPluginJson.Default.PluginManifest));

    PluginBlob Keep(string mediaType, ReadOnlySpan<byte> bytes)
    {
        string digest = Digest.Of(bytes).ToString();
        DurableFile.Write(folder.Blob(digest), bytes, Permissions.Octal0600);
        return new PluginBlob(mediaType, bytes.Length, digest);
    }

    static PluginBlob BlobOf(Descriptor blob) => new(blob.MediaType ?? "", blob.SizeBytes, blob.Digest.ToString());
}
