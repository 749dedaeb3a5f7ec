package config

import "reflect"

// allKeys are all keys that a configuration can have.
func allKeys() []string {
	var keys []string
	var walk func(t reflect.Type)
	walk = func(t reflect.Type) {
		switch {
		case t.Kind() == reflect.Slice:
			walk(t.Elem())
		case t.Kind() == reflect.Struct && !reflect.PointerTo(t).Implements(textType):
			for i := range t.NumField() {
				if name := t.Field(i).Tag.Get("yaml"); name != "" && name != "-" {
					keys = append(keys, name)
					walk(t.Field(i).Type)
				}
			}
		}
	}
	walk(reflect.TypeFor[Config]())
	return keys
}
