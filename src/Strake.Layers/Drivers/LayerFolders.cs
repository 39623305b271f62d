using Strake.Linux;

namespace Strake.Layers;

/// <summary>The folders of a driver that keeps one a layer.</summary>
/// <remarks>
/// <code>
/// &lt;data-root&gt;/&lt;driver&gt;/        0700: setuid programs in layers cannot be reached past it
///   &lt;id&gt;/                     0700
///   &lt;id&gt;-removing/            being emptied; nobody finds it under its id any more
/// </code>
/// </remarks>
sealed class LayerFolders(string dataRoot, string driver)
{
    const string RemovingSuffix = "-removing";

    /// <summary>The driver's own directory.</summary>
    public string Home { get; } = Path.Combine(dataRoot, driver);

    /// <summary>The folder of a layer, whether it exists or not.</summary>
    public string this[LayerId id] => Path.Combine(Home, id.ToString());

    /// <summary>Makes the driver's directory, and takes away rights that others may have been given on it.</summary>
    public void Prepare()
    {
        Syscall.TryMkdirAt(Syscall.WorkingDirectory, PathBytes.Encode(Home), Permissions.Octal0700);
        using var home = Syscall.Open(Home, OpenFlags.Directory);
        Syscall.Chmod(home, Permissions.Octal0700);
    }

    /// <summary>Makes a layer's folder.</summary>
    /// <returns>False when it was there.</returns>
    public bool Make(LayerId id) => Syscall.TryMkdirAt(Syscall.WorkingDirectory, PathBytes.Encode(this[id]), Permissions.Octal0700);

    /// <summary>
    /// Makes a directory in a layer's folder that becomes the root of a file system, and so is everyone's to enter whatever our umask
    /// is. One that is there is left as it is: a layer may have changed its mode.
    /// </summary>
    /// <param name="path">Absolute.</param>
    public static void MakeRoot(string path)
    {
        // Made under another name, so that a crash before chmod leaves no root with the wrong mode.
        if (Exists(path)) return;
        var unready = path + ".new";
        Syscall.TryMkdirAt(Syscall.WorkingDirectory, PathBytes.Encode(unready), Permissions.Octal0755);
        Syscall.ChmodAt(Syscall.WorkingDirectory, unready, Permissions.Octal0755);
        Syscall.RenameAt(Syscall.WorkingDirectory, unready, Syscall.WorkingDirectory, path);
    }

    /// <summary>Whether there is something at a path.</summary>
    public static bool Exists(string path) =>
        Syscall.TryStatAt(Syscall.WorkingDirectory, path, out _, AtFlags.SymlinkNoFollow, StatFields.Kind);

    /// <summary>Removes a layer's folder with all in it: out of sight by rename, then file by file. Resumes what a crash left.</summary>
    /// <param name="id">The layer.</param>
    /// <param name="emptying">Takes out of the folder, out of sight already, what does not go file by file; null: there is nothing.</param>
    public void Remove(LayerId id, Action<string>? emptying = null)
    {
        var folder = this[id];
        var removing = folder + RemovingSuffix;
        if (Exists(removing)) Empty(removing, emptying);
        if (!Exists(folder)) return;

        FaultPoint.Reach("driver.remove.before-rename");
        Syscall.RenameAt(Syscall.WorkingDirectory, folder, Syscall.WorkingDirectory, removing);
        FaultPoint.Reach("driver.remove.renamed");
        Empty(removing, emptying);
        FaultPoint.Reach("driver.remove.removed");
    }

    static void Empty(string removing, Action<string>? emptying)
    {
        emptying?.Invoke(removing);
        TreeRemoval.Remove(removing);
    }

    /// <summary>The layers that have a folder, be it half made or half removed.</summary>
    public IReadOnlyList<LayerId> List()
    {
        var found = new HashSet<LayerId>();
        using var home = Syscall.TryOpen(Home, OpenFlags.Directory);
        if (home is null) return [];

        using var reader = new DirectoryReader(home);
        while (reader.Read())
        {
            var name = PathBytes.Decode(reader.Name);
            if (name.EndsWith(RemovingSuffix, StringComparison.Ordinal)) name = name[..^RemovingSuffix.Length];
            if (LayerId.TryParse(name, out var id)) found.Add(id);
        }

        return [.. found];
    }

    /// <summary>Writes all that is dirty on the file system to disk: syncfs(2).</summary>
    public void Sync()
    {
        using var home = Syscall.Open(Home, OpenFlags.Directory);
        Syscall.SyncFs(home);
    }

    /// <summary>What is below a directory, without the directory itself.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="isIgnored">Tells by their names which files do not count; null: all do.</param>
    public static LayerUsage Measure(string directory, Func<ReadOnlySpan<byte>, bool>? isIgnored = null)
    {
        var usage = TreeUsage.Measure(directory, isIgnored: isIgnored);
        return new(usage.ContentBytes, usage.Inodes - 1);
    }

    /// <summary>The name of the file system below, as Docker's status has it.</summary>
    public string BackingFileSystem => FileSystem.TypeOf(Exists(Home) ? Home : dataRoot) switch
    {
        "ext4" => "extfs",
        var type => type,
    };
}
