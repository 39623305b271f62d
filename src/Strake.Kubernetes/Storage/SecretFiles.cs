using System.Text;
using System.Text.Json;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Records;
using Strake.Linux;

namespace Strake.Kubernetes.Storage;

/// <summary>
/// What a class's driver must know and nobody else: the Secrets that it names, as a file for the engine's CSI drivers, which read it at each call. A folder that only
/// root can look into; a file goes with its volume.
/// </summary>
/// <param name="objects">Where the Secrets are.</param>
/// <param name="folder">Where the files are.</param>
sealed class SecretFiles(IObjectStore objects, string folder)
{
    const string Resource = "secrets";

    // The calls by their names in classes, which are those of the file's parts too.
    const string Snapshotter = "snapshotter";

    /// <summary>Writes a volume's secrets, each for its calls.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="references">The Secrets, with the calls that they are for; null: none is.</param>
    /// <param name="cancellationToken">Cancels before the file is written.</param>
    /// <returns>The file; null: there is nothing to know.</returns>
    /// <exception cref="StrakeException">NotFound: there is no such Secret. Invalid: it cannot be said in a file of lines.</exception>
    public async Task<string?> WriteAsync(string volume, IReadOnlyList<(string Call, SecretReference? Secret)> references, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        foreach ((string call, SecretReference? secret) in references)
            if (secret is not null) text.Append(await PartAsync(call, secret, cancellationToken));
        return text.Length == 0 ? null : Write(volume, text.ToString());
    }

    /// <summary>Adds what calls for snapshots must know, in place of what was added before.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="secret">The Secret.</param>
    /// <param name="cancellationToken">Cancels before the file is written.</param>
    /// <exception cref="StrakeException">As <see cref="WriteAsync"/>. NotSupported: the volume was made without any.</exception>
    public async Task AddSnapshotterAsync(string volume, SecretReference secret, CancellationToken cancellationToken)
    {
        string path = PathOf(volume);
        if (!File.Exists(path))
            throw StrakeException.NotSupported($"the snapshot's class names a secret, and the class of the volume {volume} named none; a volume that is made with secrets can be told more");
        string part = await PartAsync(Snapshotter, secret, cancellationToken), before = await File.ReadAllTextAsync(path, cancellationToken);
        // It always stands last.
        int at = before.IndexOf($"[{Snapshotter}]\n", StringComparison.Ordinal);
        string after = (at < 0 ? before : before[..at]) + part;
        if (after != before) Write(volume, after);
    }

    /// <summary>Removes a volume's secrets.</summary>
    /// <param name="volume">The volume.</param>
    public void Remove(string volume)
    {
        // Made with the first secret: File.Delete is content with a file that is not there, and not with a folder.
        if (Directory.Exists(folder)) File.Delete(PathOf(volume));
    }

    async Task<string> PartAsync(string call, SecretReference reference, CancellationToken cancellationToken)
    {
        var id = new ObjectId(Resource, new ObjectKey(reference.Namespace, reference.Name));
        StoredObject secret = await objects.FindAsync(id, cancellationToken)
            ?? throw StrakeException.NotFound($"error getting secret {reference.Name} in namespace {reference.Namespace}: secrets \"{reference.Name}\" not found");
        var text = new StringBuilder($"[{call}]\n");
        foreach ((string name, string value) in secret.Document.Map("data")) text.Append(name).Append('=').Append(Decode(reference, name, value)).Append('\n');
        return text.ToString();
    }

    string Write(string volume, string text)
    {
        Directory.CreateDirectory(folder, Permissions.Octal0700);
        string path = PathOf(volume);
        DurableFile.Write(path, Encoding.UTF8.GetBytes(text), Permissions.Octal0600);
        return path;
    }

    string PathOf(string volume) => Path.Combine(folder, volume);

    static string Decode(SecretReference reference, string name, string value)
    {
        string text = Encoding.UTF8.GetString(Convert.FromBase64String(value)).TrimEnd('\n');
        return text.Contains('\n', StringComparison.Ordinal)
            ? throw StrakeException.Invalid($"secret {reference.Namespace}/{reference.Name}: {name} has several lines, which drivers are not told")
            : text;
    }
}
