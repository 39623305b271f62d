using Strake.Containers.Mounts;

namespace Strake.Containers.Tests.Mounts;

public sealed class VolumeSpecificationTests
{
    [Theory]
    [InlineData("/target", "volume", "", "/target", false, "")]
    [InlineData("name:/target", "volume", "name", "/target", false, "")]
    [InlineData("name:/target:ro", "volume", "name", "/target", true, "ro")]
    [InlineData("/source:/target", "bind", "/source", "/target", false, "")]
    [InlineData("/source:/target:ro,z,rslave", "bind", "/source", "/target", true, "ro,z,rslave")]
    [InlineData("/source:/target:cached", "bind", "/source", "/target", false, "cached")]
    [InlineData("name:/target:nocopy", "volume", "name", "/target", false, "nocopy")]
    public void What_Docker_accepts_is_accepted(string raw, string type, string source, string target, bool readOnly, string mode)
    {
        VolumeSpecification parsed = VolumeSpecification.Parse(raw, volumeDriver: "");

        Assert.Equal((type, source, target, readOnly, mode), (parsed.Request.Type, parsed.Request.Source, parsed.Request.Target, parsed.Request.ReadOnly, parsed.Mode));
    }

    [Theory]
    [InlineData("", "invalid volume specification: ''")]
    [InlineData(":/target", "invalid volume specification: ':/target'")]
    [InlineData("/target:ro", "invalid volume specification: '/target:ro'")]
    [InlineData("a:b:c:d", "invalid volume specification: 'a:b:c:d'")]
    [InlineData("/a:/b:rx", "invalid mode: rx")]
    [InlineData("/a:/b:ro,rw", "invalid mode: ro,rw")]
    [InlineData("/a:/b:z,Z", "invalid mode: z,Z")]
    [InlineData("/a:/b:slave,rslave", "invalid mode: slave,rslave")]
    [InlineData("/a:/", "invalid volume specification: '/a:/': invalid mount config for type \"bind\": invalid specification: destination can't be '/'")]
    [InlineData("name:relative", "invalid volume specification: 'name:relative': invalid mount config for type \"volume\": invalid mount path: 'relative' mount path must be absolute")]
    [InlineData("name:/t:rslave", "invalid volume specification: 'name:/t:rslave': invalid mount config for type \"volume\": field BindOptions must not be specified")]
    [InlineData("/a:/t:nocopy", "invalid volume specification: '/a:/t:nocopy': invalid mount config for type \"bind\": field VolumeOptions must not be specified")]
    [InlineData("/a:/x/../proc/sys", "invalid volume specification: '/a:/x/../proc/sys': invalid mount config for type \"bind\": \"/proc/sys\" cannot be mounted because it is inside /proc")]
    public void What_Docker_refuses_is_refused_in_its_words(string raw, string message) =>
        Assert.Equal(message, Assert.Throws<StrakeException>(() => VolumeSpecification.Parse(raw, volumeDriver: "")).Message);
}
