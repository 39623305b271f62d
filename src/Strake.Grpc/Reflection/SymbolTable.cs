using Google.Protobuf.Reflection;

namespace Strake.Grpc;

/// <summary>Where each name of some files, and of those that they import, is declared.</summary>
sealed class SymbolTable
{
    readonly Dictionary<string, FileDescriptor> files = new(StringComparer.Ordinal);
    readonly Dictionary<string, FileDescriptor> symbols = new(StringComparer.Ordinal);
    readonly Dictionary<string, SortedDictionary<int, FileDescriptor>> extensions = new(StringComparer.Ordinal);

    /// <summary>A table of files.</summary>
    /// <param name="roots">The files; what they import comes with them.</param>
    public SymbolTable(IEnumerable<FileDescriptor> roots)
    {
        foreach (FileDescriptor file in roots.SelectMany(Whole))
            if (files.TryAdd(file.Name, file)) Add(file);
    }

    /// <summary>A file by its name; null where there is none.</summary>
    public FileDescriptor? FindFile(string name) => files.GetValueOrDefault(name);

    /// <summary>The file that declares a full name; null where none does.</summary>
    public FileDescriptor? FindSymbol(string fullName) => symbols.GetValueOrDefault(fullName);

    /// <summary>The file that declares an extension; null where none does.</summary>
    public FileDescriptor? FindExtension(string type, int number) => extensions.GetValueOrDefault(type)?.GetValueOrDefault(number);

    /// <summary>The numbers of a message's extensions, in order; null where there is no such message.</summary>
    public IEnumerable<int>? FindExtensions(string type) =>
        extensions.TryGetValue(type, out SortedDictionary<int, FileDescriptor>? numbers) ? numbers.Keys : symbols.ContainsKey(type) ? [] : null;

    /// <summary>A file and all that it imports, itself first.</summary>
    public static IReadOnlyList<FileDescriptor> Whole(FileDescriptor file)
    {
        List<FileDescriptor> all = [file];
        for (int i = 0; i < all.Count; i++)
            all.AddRange(all[i].Dependencies.Where(imported => !all.Exists(known => known.Name == imported.Name)));
        return all;
    }

    void Add(FileDescriptor file)
    {
        foreach (ServiceDescriptor service in file.Services)
        {
            symbols[service.FullName] = file;
            foreach (MethodDescriptor method in service.Methods) symbols[method.FullName] = file;
        }

        foreach (MessageDescriptor message in file.MessageTypes) Add(message);
        foreach (EnumDescriptor enumeration in file.EnumTypes) Add(enumeration);
        foreach (FieldDescriptor extension in file.Extensions.UnorderedExtensions) AddExtension(extension);
    }

    void Add(MessageDescriptor message)
    {
        symbols[message.FullName] = message.File;
        foreach (FieldDescriptor field in message.Fields.InDeclarationOrder()) symbols[field.FullName] = message.File;
        foreach (OneofDescriptor choice in message.Oneofs) symbols[choice.FullName] = message.File;
        foreach (MessageDescriptor nested in message.NestedTypes) Add(nested);
        foreach (EnumDescriptor enumeration in message.EnumTypes) Add(enumeration);
        foreach (FieldDescriptor extension in message.Extensions.UnorderedExtensions) AddExtension(extension);
    }

    void Add(EnumDescriptor enumeration)
    {
        symbols[enumeration.FullName] = enumeration.File;
        // The language has a value's name beside its enumeration's, not below it.
        string scope = enumeration.FullName[..(enumeration.FullName.LastIndexOf('.') + 1)];
        foreach (EnumValueDescriptor value in enumeration.Values) symbols[scope + value.Name] = enumeration.File;
    }

    void AddExtension(FieldDescriptor extension)
    {
        symbols[extension.FullName] = extension.File;
        string type = extension.ExtendeeType.FullName;
        if (!extensions.TryGetValue(type, out SortedDictionary<int, FileDescriptor>? numbers)) extensions[type] = numbers = [];
        numbers[extension.FieldNumber] = extension.File;
    }
}
