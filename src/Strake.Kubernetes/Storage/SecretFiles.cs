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

    /// <summary>Writes a volume's secrets; all together, for the engine tells its drivers' calls the same.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="references">The Secrets.</param>
    /// <param name="cancellationToken">Cancels before the file is written.</param>
    /// <returns>The file; null: there is nothing to know.</returns>
    /// <exception cref="StrakeException">NotFound: there is no such Secret. Invalid: it cannot be said in a file of lines.</exception>
    public async Task<string?> WriteAsync(string volume, IEnumerable<SecretReference> references, CancellationToken cancellationToken)
    {
        SecretReference[] all = [.. references.Distinct()];
        if (all.Length == 0) return null;
        var text = new StringBuilder();
        foreach (SecretReference reference in all)
        {
            var id = new ObjectId(Resource, new ObjectKey(reference.Namespace, reference.Name));
            StoredObject secret = await objects.FindAsync(id, cancellationToken)
                ?? throw StrakeException.NotFound($"error getting secret {reference.Name} in namespace {reference.Namespace}: secrets \"{reference.Name}\" not found");
            foreach ((string name, string value) in secret.Document.Map("data")) text.Append(name).Append('=').Append(Decode(reference, name, value)).Append('\n');
        }

        Directory.CreateDirectory(folder, Permissions.Octal0700);
        string path = PathOf(volume);
        DurableFile.Write(path, Encoding.UTF8.GetBytes(text.ToString()), Permissions.Octal0600);
        return path;
    }

    /// <summary>Removes a volume's secrets.</summary>
    /// <param name="volume">The volume.</param>
    public void Remove(string volume) => File.Delete(PathOf(volume));

    string PathOf(string volume) => Path.Combine(folder, volume);

    static string Decode(SecretReference reference, string name, string value)
    {
        string text = Encoding.UTF8.GetString(Convert.FromBase64String(value)).TrimEnd('\n');
        return text.Contains('\n', StringComparison.Ordinal)
            ? throw StrakeException.Invalid($"secret {reference.Namespace}/{reference.Name}: {name} has several lines, which drivers are not told")
            : text;
    }
}
